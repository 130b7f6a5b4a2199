import Testing
import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

struct ServedScorerTests {
  /// Users 0 and 1 have items; 2 and 3 have none, of whom 3 has friends; 4 has item 1, which goes with nothing.
  private let histories = IndexLists(offsets: [0, 2, 3, 3, 3, 4], indices: [0, 1, 2, 1])
  /// Nothing is known of item 4, and item 3 has tags alone.
  private let catalogue = ServedCatalogue(counts: [1, 2, 5, 0, 0], hasTags: [false, false, true, true, false])
  private let own: [[Float]] = [
    [0.5, 1, 2, 3, 9], [4, 4, 7, 4.5, 9], [8, 6, 7, 5, 9], [1, 2, 3, 4, 9], [0, 5, 0, -0.0, 0],
  ]

  private var model: EmbeddingScorer {
    let unit = Tensor([5, 5], (0..<25).map { $0 / 5 == $0 % 5 ? 1 : 0 })
    return EmbeddingScorer(queries: unit, candidates: Tensor([5, 5], (0..<5).flatMap { item in own.map { $0[item] } }))
  }

  private var served: ServedScorer {
    ServedScorer(model, histories: histories, isPlaced: [false, false, false, true, false], catalogue: catalogue)
  }

  @Test func thoseOfWhomNothingIsKnownGetWhatMostHave() {
    #expect(served.scores(of: [2], candidates: 0..<4) == [[1, 2, 5, 0]])
    #expect(served.popularityReason(of: 2) == .nothingKnown && !served.knows(2) && served.tieMargin(of: 2) == 0)
  }

  @Test func thoseWhoHaveItemsOrFriendsKeepTheirScores() {
    for user in [0, 1, 3] {
      #expect(served.scores(of: [user], candidates: 0..<4) == [Array(own[user].prefix(4))], "user \(user)")
      #expect(served.popularityReason(of: user) == nil && served.knows(user))
    }
  }

  @Test func scoresThatAreAllAlikeButForOwnItemsGiveWayToWhatMostHave() {
    #expect(served.popularityReason(of: 4) == .scoresAlike)
    #expect(served.scores(of: [4], candidates: 0..<4) == [[1, 2, 5, 0]])
  }

  @Test func itemsOfWhichNothingIsKnownAreNeverListed() {
    for scores in served.allScores {
      #expect(scores[4] == .neverListed)
      #expect(topK(FloatBuffer(scores).span, k: 5).count == 4)
    }
    #expect(catalogue.unknownItems == [4] && catalogue.isUnknown(4) && !catalogue.isUnknown(3))
  }

  @Test func partsOfTheCatalogueAreScoredLikeTheWhole() {
    let whole = served.allScores
    for range in [0..<1, 1..<3, 2..<5, 4..<5] {
      let parts = served.scores(of: [4, 0, 2, 1], candidates: range)
      #expect(parts == [4, 0, 2, 1].map { Array(whole[$0][range]) }, "\(range)")
    }
  }
}
