import Foundation
import TwoTowerDatasets
import TwoTowerKernels
import TwoTowerRecommenders

/// Looks for the best settings of several recipes on validation rows, by successive halving (Jamieson and Talwalkar,
/// "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016) in rounds.
///
/// First every recipe is tried as it is. Then each round proposes settings, half of them of the best recipe so far and
/// the rest of the others in turn, some at random and some beside the best known: trained for a quarter of the epochs,
/// the better half for a half, the best of these in full. What has no epochs is fitted in full at once. A log of the
/// trials is all that a later call needs to go on: it draws the same proposals and skips what is known.
package struct Tuner {
  /// When to stop.
  package struct Limit {
    /// Seconds of trials, earlier calls' included.
    package var seconds: Double?
    /// Fits, earlier calls' included.
    package var trials: Int?

    package init(seconds: Double? = nil, trials: Int? = nil) { (self.seconds, self.trials) = (seconds, trials) }
  }

  /// A trial as it ends.
  package struct Progress: Sendable {
    package let trial: TuningTrial
    package let number: Int
    /// The best value of a whole fit so far.
    package let best: Double?
    /// Whether it was known from an earlier call.
    package let isKnown: Bool
  }

  private static let proposalsPerRound = 6
  private static let validationShare = 0.1

  private let recipes: [TunableRecipe]
  private let dataset: Dataset
  private let split: Split
  private let seed: UInt64
  private let limit: Limit
  private let stopSignal: () -> Int32?
  private let report: (Progress) -> Void
  private var log: TuningLog
  /// The trials of this call, those known from earlier ones among them: proposals follow from these alone.
  private var trials: [TuningTrial] = []
  /// The best whole fit of each recipe.
  private var best: [Int: Best] = [:]
  private var secondsUsed = 0.0

  private struct Best {
    var point: [Int]?
    var value: Double
    /// What scores; nil where the trial was known.
    var scorer: (any CandidateScorer)?
  }

  /// - Parameters:
  ///   - stopSignal: asked between steps; a signal's number to stop for.
  package init(
    _ recipes: [TunableRecipe], dataset: Dataset, split: Split, seed: UInt64, limit: Limit, log: TuningLog,
    stopSignal: @escaping () -> Int32?, report: @escaping (Progress) -> Void
  ) {
    (self.recipes, self.dataset, self.split, self.seed, self.limit, self.log) =
      (recipes, dataset, split, seed, limit, log)
    (self.stopSignal, self.report) = (stopSignal, report)
  }

  /// What a tuning has found.
  package struct Result {
    package var recipe: Recipe
    /// The recipes that it is made of, each with what was changed in it; several for a blend.
    package var parts: [(name: String, settings: String, weight: Float?)]
    package var value: Double
    package var trials: [TuningTrial]
  }

  /// Tunes until the limit, or until nothing new is left to try.
  ///
  /// - Throws: `TrainingError.interrupted` after a signal, `TuningError.nothingToTune`, or as `prepare`.
  package mutating func run() throws -> Result {
    for index in recipes.indices { _ = try attempt(index, nil, share: 1) }
    var round = 0
    while goesOn, try runRound(round) { round += 1 }
    guard let winner = best.max(by: { ($0.value.value, $1.key) < ($1.value.value, $0.key) }) else {
      throw TuningError.nothingToTune
    }
    return try blended()
      ?? Result(
        recipe: recipes[winner.key].recipe(recipes[winner.key].settings(winner.value.point)),
        parts: [part(winner.key, weight: nil)], value: winner.value.value, trials: trials)
  }

  private var goesOn: Bool {
    // Something must be known before the limit counts.
    best.isEmpty
      || ((limit.seconds.map { secondsUsed < $0 } ?? true) && (limit.trials.map { trials.count < $0 } ?? true))
  }

  private func part(_ index: Int, weight: Float?) -> (name: String, settings: String, weight: Float?) {
    let recipe = recipes[index]
    return (recipe.name, recipe.text(recipe.settings(best[index]!.point)), weight)
  }

  // MARK: - Rounds

  /// Returns whether anything new was tried.
  private mutating func runRound(_ round: Int) throws -> Bool {
    var generator = SeededGenerator(seed: seed, purpose: .tuning, epoch: round)
    let order = best.keys.sorted { (best[$0]!.value, $1) > (best[$1]!.value, $0) }
    guard let leader = order.first else { return false }
    var proposals: [(recipe: Int, point: [Int])] = []
    for slot in 0..<Self.proposalsPerRound {
      let turn = order[(round * Self.proposalsPerRound / 2 + slot / 2) % order.count]
      for index in slot % 2 == 0 ? [leader, turn] : [turn, leader] {
        let recipe = recipes[index]
        let known = Set(trials.filter { $0.recipe == recipe.name }.map(\.settings))
          .union(proposals.filter { $0.recipe == index }.map { recipe.text(recipe.settings($0.point)) })
        guard
          let point = recipe.proposal(near: best[index]!.point ?? recipe.start, unlike: known, using: &generator)
        else { continue }
        proposals.append((index, point))
        break
      }
    }
    guard !proposals.isEmpty else { return false }
    var survivors: [(recipe: Int, point: [Int])] = proposals
    for share in [0.25, 0.5, 1] {
      var values: [(place: Int, value: Double)] = []
      for (place, proposal) in survivors.enumerated() {
        guard goesOn else { return true }
        let hasEpochs = hasEpochs(proposal)
        let value = try attempt(proposal.recipe, proposal.point, share: hasEpochs ? share : 1)
        if let value, hasEpochs { values.append((place, value)) }
      }
      values.sort { ($0.value, $1.place) > ($1.value, $0.place) }
      survivors = values.prefix((values.count + 1) / 2).map { survivors[$0.place] }
    }
    return true
  }

  /// Whether fewer epochs than all are a cheaper trial; settings that make no recipe have none.
  private func hasEpochs(_ proposal: (recipe: Int, point: [Int])) -> Bool {
    let recipe = recipes[proposal.recipe]
    return (try? recipe.recipe(recipe.settings(proposal.point)))?.shortened(to: 0.25) != nil
  }

  // MARK: - One trial

  /// The value of a recipe at a point, trained for a share of its epochs; nil where it cannot be fitted.
  private mutating func attempt(_ index: Int, _ point: [Int]?, share: Double) throws -> Double? {
    guard goesOn else { return nil }
    let recipe = recipes[index]
    let settings = recipe.settings(point)
    let text = recipe.text(settings)
    if let known = log.known(recipe.name, text, share: share) {
      take(known, index: index, point: point, scorer: nil, isKnown: true)
      return known.value
    }
    var watch = Stopwatch()
    var value: Double?
    var scorer: (any CandidateScorer)?
    do {
      var tried = try recipe.recipe(settings)
      if share < 1, let short = tried.shortened(to: share) { tried = short }
      (value, scorer) = try fitted(tried)
    } catch let error as TrainingError {
      switch error {
      case .interrupted(Self.timeIsUp), .interruptedBaseline(Self.timeIsUp):
        secondsUsed += watch.lap()
        return nil
      case .notFinite: break
      default: throw error
      }
    } catch is BaselineError {} catch is RecipeError where point != nil {}
    let trial = TuningTrial(recipe: recipe.name, settings: text, share: share, value: value, seconds: watch.lap())
    try log.add(trial)
    take(trial, index: index, point: point, scorer: scorer, isKnown: false)
    return value
  }

  private mutating func take(
    _ trial: TuningTrial, index: Int, point: [Int]?, scorer: (any CandidateScorer)?, isKnown: Bool
  ) {
    secondsUsed += trial.seconds
    trials.append(trial)
    if trial.share == 1, let value = trial.value, best[index].map({ value > $0.value }) ?? true {
      best[index] = Best(point: point, value: value, scorer: scorer)
    }
    report(
      Progress(
        trial: trial, number: trials.count, best: best.values.map(\.value).max(), isKnown: isKnown))
  }

  /// Stands for a signal when the time is up.
  private static let timeIsUp: Int32 = -1

  private func fitted(_ recipe: Recipe) throws -> (value: Double, scorer: any CandidateScorer) {
    let (data, sample) = try validated(recipe)
    // Validation after each epoch would take as long as the epochs.
    var withoutValidation = data
    withoutValidation.validation = LabeledPairs()
    var fit = try ModelFit(recipe.retrievalAlone, on: withoutValidation)
    let deadline = best.isEmpty ? nil : limit.seconds.map { Date(timeIntervalSinceNow: $0 - secondsUsed) }
    try fit.run(
      stopSignal: { stopSignal() ?? (deadline.map { Date() > $0 } == true ? Self.timeIsUp : nil) }, report: { _ in })
    guard let scorer = fit.recommender?.scorer else { throw TuningError.nothingToTune }
    return (try sample.ndcg(scorer), scorer)
  }

  private func validated(_ recipe: Recipe) throws -> (TowerData, ValidationSample) {
    var trial = recipe.retrievalAlone
    trial.validation = ValidationSettings()
    trial.validation.share = Self.validationShare
    let data = try prepare(dataset, split: split, recipe: trial)
    return (data, ValidationSample(data, seed: seed))
  }

  // MARK: - Several together

  /// The blend of the best of each recipe, where that is better than all of them.
  private mutating func blended() throws -> Result? {
    var indices = best.keys.filter { recipe(of: $0).matrixFactorization == nil }.sorted()
    // One model can have towers.
    let towers = indices.filter { recipe(of: $0).retrieval != nil }.max { best[$0]!.value < best[$1]!.value }
    indices.removeAll { recipe(of: $0).retrieval != nil && $0 != towers }
    indices.removeAll { recipe(of: $0).baseline?.kind == Blend.kind }
    guard indices.count > 1 else { return nil }
    var scorers: [any CandidateScorer] = []
    for index in indices {
      if let scorer = best[index]!.scorer {
        scorers.append(scorer)
      } else {
        scorers.append(try fitted(recipe(of: index)).scorer)
      }
    }
    let (_, sample) = try validated(recipe(of: indices[0]))
    let first = indices.indices.max { best[indices[$0]]!.value < best[indices[$1]]!.value }!
    let (weights, value) = try BlendPool(scorers, sample: sample).bestWeights(
      first: first, memberCount: indices.count)
    let alone = best.values.map(\.value).max()!
    let kept = indices.indices.filter { weights[$0] > 0 }
    guard kept.count > 1, value > alone else { return nil }
    let hasTowers = kept.contains { indices[$0] == towers }
    var blended = recipe(of: hasTowers ? towers! : indices[first])
    blended.name = "tuned"
    var blend = Blend.Settings([])
    for place in kept {
      if indices[place] == towers {
        blend.towersWeight = weights[place]
      } else if let baseline = recipe(of: indices[place]).baseline {
        blend.members.append(BlendMember(baseline, weight: weights[place]))
      }
    }
    blended.baseline = BaselineSettings(Blend.self, blend)
    if blend.towersWeight == 0 { (blended.retrieval, blended.ranking) = (nil, nil) }
    return Result(
      recipe: blended, parts: kept.map { part(indices[$0], weight: weights[$0]) }, value: value, trials: trials)
  }

  /// The best recipe of an index.
  private func recipe(of index: Int) -> Recipe {
    let recipe = recipes[index]
    guard let found = try? recipe.recipe(recipe.settings(best[index]!.point)) else {
      preconditionFailure("Tuner: the best settings of \(recipe.name) make no recipe")
    }
    return found
  }
}

extension Recipe {
  /// The recipe without a ranking task of its own: tuning looks at what retrieves.
  fileprivate var retrievalAlone: Recipe {
    guard tasks.order == .staged else { return self }
    var recipe = self
    recipe.ranking = nil
    return recipe
  }
}
