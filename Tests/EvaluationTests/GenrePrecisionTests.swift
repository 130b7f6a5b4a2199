import TwoTowerAutodiff
import TwoTowerFeatures
import Testing

import TwoTowerEvaluation

struct GenrePrecisionTests {
  /// 400 items of two genres in turn; `separated` puts each genre in a direction of its own.
  private func measured(separated: Bool) throws -> GenrePrecision? {
    let genres = ItemGenres((0..<400).map { [["rock"], ["pop", "dance"]][$0 % 2] })
    let values = (0..<400).flatMap { item -> [Float] in
      let turn = Float(item % 97) / 97
      return separated ? [item % 2 == 0 ? 1 : 0, item % 2 == 0 ? 0 : 1, turn * 0.01] : [1, turn, turn * turn]
    }
    return try genrePrecision(
      candidates: Tensor([400, 3], values), genres: genres, counts: (0..<400).map { 400 - $0 })
  }

  @Test func neighboursOfOneGenreReachOneAndRandomItemsAHalf() throws {
    let precision = try #require(try measured(separated: true))
    #expect(precision.neighborCount == 10 && precision.queryCount == 200)
    #expect(precision.neighbors == 1)
    #expect(abs(precision.random - 0.5) < 0.02)
  }

  @Test func vectorsThatKnowNothingReachWhatRandomItemsDo() throws {
    let precision = try #require(try measured(separated: false))
    #expect(abs(precision.neighbors - precision.random) < 0.1)
  }

  @Test func aNeighbourNeedsTheLeadingGenreAmongItsOwn() throws {
    // Item 0 leads with "a"; item 1 has it second, item 2 not at all.
    let genres = ItemGenres([["a", "x"], ["b", "a"], ["x"], []])
    let precision = try #require(
      try genrePrecision(
        candidates: Tensor([4, 2], [1, 0, 1, 0.1, 1, 0.2, 0, 1]), genres: genres, counts: [5, 4, 3, 0],
        neighborCount: 2, queryCount: 1))
    #expect(precision.neighbors == 0.5)
    #expect(precision.queryCount == 1)
  }

  @Test func withoutGenresThereIsNoFigure() throws {
    let candidates = Tensor([3, 1], [1, 2, 3])
    #expect(try genrePrecision(candidates: candidates, genres: ItemGenres(itemCount: 3), counts: [1, 1, 1]) == nil)
    #expect(
      try genrePrecision(candidates: Tensor([0, 1], []), genres: ItemGenres(itemCount: 0), counts: []) == nil)
  }
}
