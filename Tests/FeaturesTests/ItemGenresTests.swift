import Testing

import TwoTowerFeatures

struct ItemGenresTests {
  @Test func tagsStandInTheOrderInWhichTheyAreGivenMost() throws {
    var data = SmallData.standard
    // "rock" and "pop" once each more on item 2, which had "indie rock" once: the commoner tag leads among equals.
    data.tags += [(0, 2, 0, 1), (2, 2, 1, 1), (1, 0, 1, 1), (2, 0, 1, 1)]
    let tags = try data.builder().itemGenres()
    #expect(tags.itemCount == 5)
    #expect(tags.names(of: 0) == ["pop", "rock"])
    #expect(tags.names(of: 2).last == "indie rock")
    #expect(tags.names(of: 2).count == 3)
  }

  @Test func heldOutPairsSayNothing() throws {
    let tags = try SmallData.standard.builder().itemGenres()
    // (1, 3) and (3, 0) are held out, and theirs were the only assignments of "rare".
    #expect(tags.names(of: 3).isEmpty)
    #expect(!tags.names.contains("rare"))
    #expect(tags.names(of: 4) == ["rock"])
  }

  @Test func anItemHasAtMostFive() throws {
    var data = SmallData.standard
    data.tagNames = (0..<9).map { "tag \($0)" }
    data.tags = (0..<9).map { (0, 4, Int32($0), 1) }
    #expect(try data.builder().itemGenres().names(of: 4) == ["tag 0", "tag 1", "tag 2", "tag 3", "tag 4"])
  }

  @Test func withoutTagsThereAreNone() {
    let tags = ItemGenres(itemCount: 3)
    #expect(tags.itemCount == 3 && tags.isEmpty && tags.names(of: 2).isEmpty)
    #expect(ItemGenres([]).itemCount == 0)
  }
}
