import TwoTowerDatasets
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerTraining

/// What a tuning came to, as a comparison keeps it.
struct TuningOutcome: Codable {
  let tuned: TunedSettings
  /// The recipe with what was found, in YAML.
  let recipe: String
}

/// Tunes the recipes of a comparison, each by itself, before any is fitted.
struct TuningOfComparison {
  /// Of the rows held out, the proposals and the trials' fits.
  private static let seed: UInt64 = 1

  let kept: KeptFits?
  private(set) var failures: [Failure] = []

  init(kept: KeptFits?) { self.kept = kept }

  /// Puts what is found in the plan; a recipe that cannot be tuned is left out of it.
  ///
  /// - Throws: `Interrupted` after a signal.
  mutating func run(_ plan: inout ComparisonPlan, dataset: Dataset, split: Split) throws {
    for planned in plan.recipes {
      guard let budget = planned.tuning else { continue }
      do {
        let outcome = try outcome(of: planned, budget: budget, dataset: dataset, split: split)
        plan.take(
          outcome.tuned, of: planned.label,
          recipe: try RecipeReader(text: outcome.recipe, name: "\(planned.label), tuned").recipe())
      } catch let error as Interrupted { throw error } catch {
        let (message, status) = describe(error)
        let failure = Failure(ExitStatus(rawValue: status) ?? .defect, "\(planned.label): \(message)")
        Terminal.say(failure.description)
        failures.append(failure)
        plan.leaveOut(planned.label)
      }
    }
  }

  private func outcome(
    of planned: ComparisonPlan.PlannedRecipe, budget: TuningBudget, dataset: Dataset, split: Split
  ) throws -> TuningOutcome {
    var reader = planned.reader
    try reader.set("seed", to: "\(Self.seed)", origin: "--tune")
    let recipes = TuningRecipes(planned.label, reader: reader)
    let subject = try recipes.subject(dataset, split: split, seed: Self.seed)
    if let known = kept?.outcome(of: planned.label, subject: subject, limit: budget.limit) {
      Terminal.say("\(planned.label), tuned before")
      return known
    }
    let log =
      try kept.map { try TuningLog(subject: subject, path: $0.logPath(of: planned.label, subject: subject)) }
      ?? TuningLog(subject: subject)
    let result = try Tuner.runAloud(
      recipes, dataset: dataset, split: split, seed: Self.seed, limit: budget.limit, log: log)
    for line in TuningTable.lines(result) { Terminal.say(line) }
    let outcome = TuningOutcome(tuned: TunedSettings(result), recipe: try result.recipe.yaml)
    try kept?.keep(outcome, of: planned.label, subject: subject, limit: budget.limit)
    return outcome
  }
}

extension ComparisonPlan {
  /// Says how long each recipe is tuned: what is given for it alone, or for all.
  ///
  /// - Parameter names: of the recipes, beside `recipes`: as they are called, and as they were given.
  /// - Throws: `Failure` for a name that is no recipe's, or a recipe that has nothing to tune.
  mutating func setTuning(_ budgets: [TuningBudget], names: [[String]]) throws {
    guard !budgets.isEmpty else { return }
    guard !recipes.isEmpty else {
      throw Failure(.usage, "--tune \(budgets[0]): found runs alone: these are measured as they are")
    }
    for (place, budget) in budgets.enumerated() {
      guard !budgets[..<place].contains(where: { $0.recipe == budget.recipe }) else {
        throw Failure(
          .usage, "--tune \(budget): found a second limit of \(budget.recipe ?? "all recipes"), expected one")
      }
      guard let name = budget.recipe else { continue }
      if runs.contains(where: { $0.path == name || $0.label == name }) {
        throw Failure(.usage, "--tune \(budget): \(name) is a run, which is measured as it is: name a recipe")
      }
      if !names.contains(where: { $0.contains(name) }) {
        let known = recipes.map(\.label).joined(separator: ", ")
        throw Failure(.usage, "--tune \(budget): found no recipe '\(name)' among \(known)")
      }
    }
    for (planned, names) in zip(recipes, names) {
      let own = budgets.last { $0.recipe.map(names.contains) ?? false }
      guard let budget = own ?? budgets.first(where: { $0.recipe == nil }) else { continue }
      guard try planned.isTunable else {
        let reason = "\(planned.label) has no values to try"
        if let own { throw Failure(.usage, "--tune \(own): \(reason): give it a section 'tune' with some") }
        Terminal.say("note: \(reason): it is fitted as it is")
        continue
      }
      tune(planned.label, budget)
    }
  }
}

extension ComparisonPlan.PlannedRecipe {
  /// Whether a tuning would find anything to change.
  ///
  /// - Throws: `RecipeError` for a value to try that the recipe does not take.
  fileprivate var isTunable: Bool {
    get throws {
      let retrieves = recipe.retrieval != nil || recipe.matrixFactorization != nil || recipe.baseline != nil
      return try retrieves && !TunableRecipe(name: label, reader: reader).axes.isEmpty
    }
  }
}
