import Testing
import TwoTowerServing

struct ItemDirectoryTests {
  private let directory = ItemDirectory(
    identifiers: ["1", "2", "3", "4", "5", "311"],
    names: ["AC/DC", "The Beatles", "BIG BANG", "BIGBANG", "Big Bang", "The 311"], importance: [9, 80, 30, 1, 40, 2])

  @Test func namesAreFoundHoweverTheyAreTyped() {
    #expect(directory.item("acdc") == 0 && directory.item("beatles") == 1 && directory.item("Bigbang") == 3)
    #expect(directory.item("nothing such") == nil)
  }

  @Test func ofSeveralTheOneOfTheMostUsersIsMeantAndItIsSaid() throws {
    #expect(directory.item("big bang") == 4)
    let note = try #require(directory.note(onNamesakesOf: "big bang"))
    #expect(note.hasPrefix("2 items are called 'big bang': taking 'Big Bang', id 5, which 40 users have"))
    #expect(note.contains("'3'"))
  }

  @Test func anExactNameNeedsNoNote() {
    for (text, item) in [("BIG BANG", Int32(2)), ("BIGBANG", 3), ("Big Bang", 4), ("The Beatles", 1)] {
      #expect(directory.item(text) == item && directory.note(onNamesakesOf: text) == nil, "\(text)")
    }
  }

  @Test func anExactIdentifierWinsAndANamesakeIsTold() {
    #expect(directory.item("311") == 5 && directory.note(onNamesakesOf: "311") == nil, "both mean the same item")
    let other = ItemDirectory(identifiers: ["311", "7"], names: ["Moby", "311"], importance: [1, 2])
    #expect(other.item("311") == 0)
    #expect(other.note(onNamesakesOf: "311")?.contains("'Moby'; the item called '311' is '7'") == true)
    #expect(other.note(onNamesakesOf: "7") == nil && other.note(onNamesakesOf: "Moby") == nil)
  }

  @Test func apartFromNamesPartsOfThemAreFoundAndSaid() throws {
    let found = directory.items(withPart: "bang")
    #expect(found == [4, 2, 3], "whole words first, then what the most users have")
    let note = try #require(directory.note(onPart: "bang", of: found))
    #expect(note.hasPrefix("no item is called 'bang': taking 'Big Bang', id 5, which 40 users have, of 3 with that"))
    #expect(directory.note(onPart: "none", of: []) == nil)
  }
}
