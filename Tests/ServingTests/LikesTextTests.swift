import Testing
import TwoTowerServing
import TwoTowerTraining

struct LikesTextTests {
  private let directory = ItemDirectory(
    identifiers: ["1", "2", "3", "4", "5", "311"],
    names: ["Drake", "Earth, Wind & Fire", "Sigur Rós", "1+1=2", "drake", "Moby"], importance: [1, 2, 3, 4, 5, 6])

  private func list(_ text: String) throws -> LikesText { try LikesText(list: text, directory: directory) }

  @Test func namesWeightsAndIdentifiersAreRead() throws {
    let read = try list("sigur ros=40, 311 = 2.5,Moby")
    #expect(read.likes == [Like(item: 2, weight: 40), Like(item: 5, weight: 3.5)], "weights of one item are added")
    #expect(read.unknown.isEmpty)
  }

  @Test func namesWithCommasAndSignsOfEqualityAreFound() throws {
    let read = try list("1+1=2,Earth, Wind & Fire=7,1+1=2=5")
    #expect(read.likes == [Like(item: 3, weight: 6), Like(item: 1, weight: 7)])
  }

  @Test func ofTwoThatAreCalledTheSameTheMoreImportantIsMeant() throws {
    #expect(try list("DRAKE").likes == [Like(item: 4, weight: 1)])
  }

  @Test func weightsOfOneItemDoNotAddUpBeyondTheGreatest() throws {
    #expect(try list("Drake=1e12,Drake=1e12").likes == [Like(item: 0, weight: LikesText.greatestWeight)])
  }

  @Test func whatMeansSeveralItemsIsNotedOnce() throws {
    #expect(try list("drake=2,DRAKE,Drake,Moby").notes == ["DRAKE"].compactMap(directory.note(onNamesakesOf:)))
    let directory = ItemDirectory(identifiers: ["311", "7"], names: ["Moby", "311"], importance: [1, 2])
    let read = try LikesText(list: "311=2,Moby,311", directory: directory)
    #expect(read.likes == [Like(item: 0, weight: 4)] && read.notes.count == 1)
  }

  @Test func theUnknownIsKeptApart() throws {
    let read = try list("Drake=200,Nobody,Else=3,,")
    #expect(read.likes.map(\.item) == [0])
    #expect(read.unknown == ["Nobody", "Else"])
    #expect(directory.near("Mobby") == ["Moby"])
  }

  @Test func linesMayHaveTabs() throws {
    let read = try LikesText(lines: "Earth, Wind & Fire\t12\n\nMoby=3\r\nSigur Rós\n", directory: directory)
    #expect(read.likes == [Like(item: 1, weight: 12), Like(item: 5, weight: 3), Like(item: 2, weight: 1)])
  }

  @Test(arguments: ["Drake=0", "Drake=-3", "Drake=many", "Drake=nan", "Drake=inf", "Drake=", "Drake=0x10", "Drake=2e12"])
  func weightsThatMakeNoSenseAreRefused(text: String) {
    #expect {
      try list(text)
    } throws: {
      "\($0)".contains("expected a number above 0")
    }
  }
}
