import ArgumentParser
import TwoTowerEvaluation
import TwoTowerRecommenders

/// What recommendations are to be beside fitting.
struct ReorderingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take this much of an item's popularity off its score: 0 nothing, 1 as much as the score counts for it. Lists get "
        + "more novel and cover more of the catalogue; recall, NDCG and precision fall: on real listening 0.1 costs "
        + "3 % of recall@20 for .6 bits of novelty, 0.5 most of it.", valueName: "x"))
  var popularityPenalty = 0.0
  @Option(
    help: ArgumentHelp(
      "Pick items unlike those already picked (maximal marginal relevance): 0 by score alone, 1 by unlikeness alone. "
        + "Lists get more varied and more novel: on real listening 0.3 costs nothing, 0.5 costs 2 % of recall@20, 0.7 "
        + "a third.", valueName: "x"))
  var diversity = 0.0

  func validate() throws {
    guard popularityPenalty >= 0, popularityPenalty <= 100 else {
      throw ValidationError("--popularity-penalty is \(popularityPenalty), expected 0 to 100")
    }
    guard (0...1).contains(diversity) else {
      throw ValidationError("--diversity is \(diversity), expected 0 to 1")
    }
  }

  var reordering: Reordering { Reordering(popularityPenalty: popularityPenalty, diversity: diversity) }
}
