import RunTestSupport
import Testing
import TwoTowerDatasets
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerTraining

struct BlendSearchTests {
  private let data: TowerData

  init() throws {
    let (dataset, split) = try smallSample.get()
    var recipe = Recipe()
    recipe.baseline = BaselineSettings(Blend.self)
    recipe.validation.share = 0.2
    data = try prepare(dataset, split: split, recipe: recipe)
  }

  /// A pool holds what decides the first twenty: any blend is worth there what it is worth on the whole catalogue.
  @Test func aPoolMeasuresBlendsAsTheWholeCatalogueDoes() throws {
    let sample = ValidationSample(data, seed: 1)
    let interactions = try InteractionMatrix(data, weights: .binary)
    let scorers: [any CandidateScorer] = [
      try ItemNeighbors(fitting: interactions), try EASE(fitting: interactions), Popularity(fitting: interactions),
    ]
    let pool = try BlendPool(scorers, sample: sample)
    for weights in [[1, 0, 0], [0, 1, 0], [0.5, 1, 0], [0.25, 2, 0.5]] as [[Float]] {
      let kept = weights.indices.filter { weights[$0] > 0 }
      let blend = BlendScorer(kept.map { scorers[$0] }, weights: kept.map { weights[$0] })
      let (found, expected) = (pool.ndcg(weights: weights), try sample.ndcg(blend))
      #expect(abs(found - expected) < 1e-3 && found > 0.01, "\(weights): \(found), \(expected)")
    }
    let best = pool.bestWeights(first: 1, memberCount: 3)
    #expect(best.value == pool.ndcg(weights: best.weights))
    #expect(best.value >= 0.995 * pool.ndcg(weights: [0, 1, 0]))
    // A member twice adds nothing: one of the two goes.
    let twice = try BlendPool([scorers[1], scorers[1]], sample: sample).bestWeights(first: 0, memberCount: 2)
    #expect(twice.weights.count { $0 > 0 } == 1)
  }

  @Test func findsTheSameOnAnyNumberOfThreadsAndSaysSo() throws {
    func search(threads: Int) throws -> (settings: BaselineSettings?, events: [String], values: [Double]) {
      var events: [String] = []
      var values: [Double] = []
      let settings = try Parallelism.withThreadCount(threads) {
        try BlendSearch(data, seed: 1) { event in
          events.append("\(event)")
          if case .trial(_, _, let value) = event { values.append(value) }
          if case .blended(_, let value) = event { values.append(value) }
        }.best { nil }.baseline
      }
      return (settings, events, values)
    }
    let first = try search(threads: 1)
    let second = try search(threads: 2)
    #expect(first.settings == second.settings && first.events == second.events)
    // Trials, and then the blend, which is at least as good as each model by itself but for what a pool leaves out.
    let (trials, blended) = (first.values.dropLast(), try #require(first.values.last))
    #expect(trials.count > 10 && Set(trials).count > 5)
    #expect(blended >= 0.995 * trials.max()! - 1e-3)
    for kind in ["item-neighbors", "implicit-als", "ease", "popularity"] {
      #expect(first.events.contains { $0.contains(kind) }, "\(kind)")
    }
    _ = try #require(first.settings).fit(on: data, seed: 1)
  }

  @Test func whatTheReportThrowsEndsTheSearch() {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try BlendSearch(data, seed: 1) { _ in throw Stop() }.best { nil } }
  }

  @Test func theRecipeOfATableSpellsOutWhatWasFound() throws {
    let (dataset, split) = try smallSample.get()
    var base = Recipe()
    (base.name, base.seed, base.data.userColumn) = ("mine", 7, "who")
    var best = 0.0
    var towers = 0.0
    var (hasTowers, hasConfirmed) = (false, false)
    let recipe = try searchedRecipe(dataset, split: split, base: base) { event in
      if case .blended(let members, let value) = event {
        (best, hasTowers) = (value, members.contains { $0.kind == "two towers" })
      }
      if case .trial("two towers", _, let value) = event { towers = value }
      if case .confirming = event { hasConfirmed = true }
    }
    // The blend is judged by other rows too, so that its value is not above all others.
    #expect(towers > 0 && hasConfirmed && (recipe.retrieval != nil) == hasTowers)
    #expect(recipe.firstProblem() == nil && (recipe.baseline != nil || hasTowers))
    #expect(recipe.name == "mine" && recipe.seed == 7 && recipe.data.userColumn == "who" && best > 0)
    #expect(recipe.validation.share == 0 && recipe.ranking == nil)
    #expect(recipe != base)
  }

  @Test func tooFewRowsAreNotSearched() throws {
    let (dataset, split) = try smallSample.get()
    // Of two rows a tenth is none at all.
    for count in [1, 2, 60, 499] {
      let few = Split(train: Array(split.train.prefix(count)), test: split.test)
      let recipe = try searchedRecipe(dataset, split: few, base: Recipe()) { _ in Issue.record("searched") }
      #expect(recipe.baseline == BaselineSettings(Blend.self))
    }
  }

  @Test func aHetRecFolderIsNotPlain() throws {
    var (dataset, _) = try smallSample.get()
    #expect(!dataset.isPlain)
    (dataset.tagAssignments, dataset.friendships) = (TagAssignments(), Friendships())
    #expect(dataset.isPlain)
  }
}
