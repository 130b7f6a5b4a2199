import Testing
import TwoTowerFiles

struct NameIndexTests {
  private static let names = [
    "AC/DC", "Guns N' Roses", "The Beatles", "Beyoncé", "Simon & Garfunkel", "!!!", "The The", "the", "R.E.M.", "Jay-Z",
    "Empire Strikes Back, The (1980)", "Sabrina (1954)", "Sabrina (1995)", "2 Unlimited", "椎名林檎", "Rose Tattoo",
  ]
  private let index = NameIndex(Self.names)

  private func found(_ text: String) -> [String] { index.positions(of: text).map { Self.names[$0] } }

  @Test(arguments: [
    ("ACDC", "AC/DC"), ("ac dc", "AC/DC"), ("Guns n roses", "Guns N' Roses"), ("guns n’ roses", "Guns N' Roses"),
    ("beatles", "The Beatles"), ("THE BEATLES", "The Beatles"), ("beyonce", "Beyoncé"),
    ("simon and garfunkel", "Simon & Garfunkel"), ("!!!", "!!!"), ("the the", "The The"), ("THE", "the"),
    ("REM", "R.E.M."), ("jay z", "Jay-Z"), ("JayZ", "Jay-Z"), (" 2unlimited ", "2 Unlimited"), ("椎名林檎", "椎名林檎"),
    ("The Empire Strikes Back", "Empire Strikes Back, The (1980)"),
    ("empire strikes back (1980)", "Empire Strikes Back, The (1980)"),
  ])
  func aNameIsFoundHoweverItIsTyped(text: String, name: String) {
    #expect(found(text) == [name])
  }

  @Test func theClosestSenseIsMeant() {
    let index = NameIndex(["ACDC", "AC/DC", "acdc", "The ACDC"])
    #expect(index.positions(of: "AC/DC") == [1])
    #expect(index.positions(of: "acdc") == [2], "the name itself")
    #expect(index.positions(of: "Acdc") == [0, 2], "but for letter case")
    #expect(index.positions(of: "the acdc") == [3])
    #expect(index.positions(of: "A.C.D.C.") == [0, 1, 2, 3], "but for spaces")
  }

  @Test func punctuationCountsWhereItIsAskedFor() {
    #expect(index.positions(of: "ac/dc", withPunctuation: true) == [0])
    #expect(index.positions(of: "acdc", withPunctuation: true).isEmpty)
  }

  @Test func namesakesAreAllFound() { #expect(found("sabrina") == ["Sabrina (1954)", "Sabrina (1995)"]) }

  @Test(arguments: ["", "  ", "Beat", "Roses", "AC", "1980", "!!"]) func partsAreNotNames(text: String) {
    #expect(found(text).isEmpty)
  }
}
