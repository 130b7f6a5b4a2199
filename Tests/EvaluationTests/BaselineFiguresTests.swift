import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerEvaluation
import TwoTowerRecommenders

/// Quality of the baselines on the reference split of the real HetRec 2011 Last.fm set, against the figures that other
/// implementations reach there.
@Suite(.enabled(if: RealData.lastfm != nil && RealData.splits != nil, "set TWOTOWER_LASTFM and TWOTOWER_SPLITS"))
struct BaselineFiguresTests {
  let interactions: InteractionMatrix
  let truth: RetrievalTruth

  init() throws {
    let data = try readHetRec(folder: RealData.lastfm!)
    let split = try readSplit(
      train: "\(RealData.splits!)/lastfm-62k-30k.train.tsv", test: "\(RealData.splits!)/lastfm-62k-30k.test.tsv",
      dataset: data)
    interactions = InteractionMatrix(
      userCount: data.users.count, itemCount: data.items.count,
      users: split.train.map { data.interactions.users[Int($0)] },
      items: split.train.map { data.interactions.items[Int($0)] })
    truth = RetrievalTruth(
      interactions: data.interactions, split: split, userCount: data.users.count, candidateCount: data.items.count)
  }

  /// Accuracy at 100, recall at 20 and NDCG at 20, the training items excluded.
  private func figures(_ fit: () throws -> some CandidateScorer) throws -> [Double] {
    let report = try evaluateRetrieval(scorer: fit(), truth: truth, bootstrapSamples: 0, seed: 1).seenExcluded
    return [report.topKCategoricalAccuracy[100]!, report.recall[20]!, report.ndcg[20]!]
  }

  private func agree(_ found: [Double], _ expected: [Double], within tolerance: Double) -> Bool {
    zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance }
  }

  @Test func popularity() throws {
    let found = try figures { Popularity(fitting: interactions) }
    #expect(agree(found, [0.2450, 0.0990, 0.1104], within: 1e-3))
  }

  @Test func ease() throws {
    let found = try figures { try EASE(fitting: interactions) }
    #expect(agree(found, [0.4692, 0.2431, 0.2787], within: 5e-4))
  }

  @Test func implicitALS() throws {
    var settings = ImplicitALS.Settings()
    // The objective of `implicit` with its α 5 and regularisation .5, but for the scale of the scores.
    (settings.dimension, settings.iterations) = (32, 20)
    (settings.unobservedWeight, settings.regularization, settings.regularizationExponent) = (0.25, 0.1, 0)
    let found = try figures { try ImplicitALS(fitting: interactions, settings: settings, seed: 1) }
    // Another random start: a few thousandths.
    #expect(agree(found, [0.4787, 0.2497, 0.2812], within: 4e-3))
  }

  /// No other implementation's figures are at hand: these are a sparse matrix product's in Python.
  @Test func itemNeighbors() throws {
    let settings = ItemNeighbors.Settings(neighbors: 200, itemExponent: 0.5, userExponent: 0, shrinkage: 10)
    let found = try figures { try ItemNeighbors(fitting: interactions, settings: settings) }
    #expect(agree(found, [0.4589, 0.2348, 0.2720], within: 1e-3))
  }
}
