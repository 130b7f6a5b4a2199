import Testing
import TwoTowerCommandLineTool

@Suite struct TextTableTests {
  private func names(_ names: [String], ids: [String] = []) -> TextTable {
    var table = TextTable([("#", .right), ("id", .right), ("score", .right), ("name", .left)], shortening: ["id", "name"])
    for (place, name) in names.enumerated() {
      table.add(["\(place + 1)", place < ids.count ? ids[place] : "\(place)", "0.1234", name])
    }
    return table
  }

  @Test func wordsStandFlushLeftAndNumbersFlushRight() {
    #expect(
      names(["a", "bc"], ids: ["7", "123"]).lines(width: 80) == [
        "#   id   score  name", "1    7  0.1234  a", "2  123  0.1234  bc",
      ])
  }

  @Test func longNamesAreCutToTheWidthAndNumbersNever() {
    let long = String(repeating: "x", count: 5000)
    for width in [40, 80, 132] {
      let lines = names([long, "short"], ids: [long, "2"]).lines(width: width)
      #expect(lines.count == 3 && lines.allSatisfy { $0.columnCount <= width })
      #expect(lines[1].columnCount == width || lines[1].columnCount == width - 1, "what there is room for is shown")
      #expect(lines[1].hasSuffix("x…") && lines[1].contains("0.1234"))
      #expect(lines[2].hasSuffix("0.1234  short"))
    }
  }

  @Test func whatFitsIsNotCut() {
    let name = String(repeating: "n", count: 80 - "#  id   score  ".count)
    #expect(names([name]).lines(width: 80)[1] == "1   0  0.1234  " + name)
    #expect(names([name + "n"]).lines(width: 80)[1] == "1   0  0.1234  " + name.dropLast() + "…")
  }

  @Test func columnsThatDoNotFitStandBelow() {
    var table = TextTable([("", .left), ("first", .right), ("second", .right), ("third", .right)])
    table.add(["a row", ".1", ".2", ".3"])
    table.add(["", "±1", "", ""])
    table.add(["another", ".4", ".5", ".6"])
    #expect(table.lines(width: 80).count == 4)
    #expect(
      table.lines(width: 22) == [
        "         first  second", "a row       .1      .2", "            ±1", "another     .4      .5", "",
        "         third", "a row       .3", "another     .6",
      ])
  }

  @Test func wideCharactersCountTwiceAndMarksNotAtAll() {
    #expect("椎名林檎".columnCount == 8 && "e\u{301}".columnCount == 1 && "Sigur Rós".columnCount == 9)
    #expect("椎名林檎".shortened(to: 6) == "椎名…" && "椎名林檎".shortened(to: 8) == "椎名林檎")
    let lines = names(["椎名林檎" + String(repeating: "椎", count: 80), "x"]).lines(width: 80)
    #expect(lines.allSatisfy { $0.columnCount <= 80 })
  }

  @Test func controlCharactersDoNotReachTheTerminal() {
    let lines = names(["\u{1B}[31mred\u{1B}[0m", "two\nlines"]).lines(width: 80)
    #expect(lines.count == 3)
    #expect(lines.joined().unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
  }
}
