import Testing

import TwoTowerFiles

struct NameSearchTests {
  private let names = ["The Beatles", "Beat", "Beatsteaks", "Heartbeat", "beat", "Motörhead", "BEATNUTS", ""]

  private func found(_ text: String, importance: [Int] = [9, 1, 2, 5, 7, 1, 3, 0]) -> [String] {
    matchingNames(text, in: names, importance: importance).map { names[$0] }
  }

  @Test func theNameItselfStandsFirstThenBeginningsThenTheMostImportant() {
    #expect(found("Beat") == ["beat", "Beat", "BEATNUTS", "Beatsteaks", "The Beatles", "Heartbeat"])
    #expect(found("beat", importance: [0, 0, 0, 0, 0, 0, 0, 0])
      == ["Beat", "beat", "Beatsteaks", "BEATNUTS", "The Beatles", "Heartbeat"], "ties keep the order of the names")
  }

  @Test func wholeWordsStandBeforeBeginnings() {
    #expect(found("beatles") == ["The Beatles"])
    let names = ["Cashis", "Johnny Cash", "Cash Cash", "Déjà Cashé", "Cash & Nelson", "X-Cash"]
    let found = matchingNames("CASH", in: names, importance: [9, 8, 1, 9, 2, 7]).map { names[$0] }
    #expect(found == ["Johnny Cash", "X-Cash", "Cash & Nelson", "Cash Cash", "Cashis", "Déjà Cashé"])
  }

  @Test func letterCaseAccentsAndSpacesAroundDoNotCount() {
    #expect(found(" MOTORHEAD ") == ["Motörhead"])
    #expect(found("törh") == ["Motörhead"])
  }

  @Test func nothingIsFoundForNothing() {
    #expect(found("").isEmpty)
    #expect(found("  ").isEmpty)
    #expect(found("Johnny").isEmpty)
    #expect(matchingNames("a", in: [], importance: []).isEmpty)
  }
}
