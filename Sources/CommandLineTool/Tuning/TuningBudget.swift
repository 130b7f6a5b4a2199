import ArgumentParser
import TwoTowerTraining

/// How long the recipes of a comparison are tuned: a time such as `1m` or a count of trials, of one recipe where its name
/// stands before, as in `ease:30s`.
package struct TuningBudget: ExpressibleByArgument, CustomStringConvertible {
  /// Nil for all recipes.
  package let recipe: String?
  package let limit: Tuner.Limit
  /// As it was given.
  package let description: String

  package init?(argument: String) {
    // A recipe may have settings behind a colon of its own.
    let colon = argument.lastIndex(of: ":")
    let text = colon.map { argument[argument.index(after: $0)...] } ?? argument[...]
    if let trials = Int(text) {
      guard trials > 0 else { return nil }
      limit = Tuner.Limit(trials: trials)
    } else {
      guard let time = TimeLimit(argument: String(text)) else { return nil }
      limit = Tuner.Limit(seconds: time.seconds)
    }
    recipe = colon.map { String(argument[..<$0]) }
    guard recipe?.isEmpty != true else { return nil }
    description = argument
  }
}
