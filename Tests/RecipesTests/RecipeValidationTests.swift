import RunTestSupport
import Testing
import TwoTowerRecipes
import TwoTowerTraining

/// Recipes whose parts do not fit each other.
struct RecipeValidationTests {
  private func refusal(_ text: String) -> String {
    do {
      _ = try RecipeReader(text: text, name: "r.yaml").recipe()
      return "accepted"
    } catch { return "\(error)" }
  }

  private func retrieval(query: String, candidate: String, more: String = "") -> String {
    "retrieval:\n  query-tower: {\(query)}\n  candidate-tower: {\(candidate)}\n\(more)"
  }

  @Test func inputsThatFitAreAccepted() {
    #expect(
      refusal(
        retrieval(
          query: "features: [{feature: user-id, dimension: 8}, {feature: user-statistics, dimension: 8}], combine: sum",
          candidate: "features: [{feature: item-id, dimension: 4}, {feature: tags, dimension: 4}]")) == "accepted")
  }

  @Test(arguments: [
    ("5", "feature: user-id", "feature: item-id", "found 5, expected 0 to 4"),
    ("1", "feature: friends", "feature: item-id", "needs 'user-id' and 'item-id' of one dimension"),
    ("1", "feature: user-id, dimension: 8", "feature: item-id", "needs 'user-id' and 'item-id' of one dimension"),
    ("1", "feature: user-id", "feature: item-id, identifier-dropout: 0.1", "set identifier-dropout to 0"),
  ])
  func propagationNeedsIdentifiers(hops: String, query: String, candidate: String, message: String) {
    let line = refusal(
      retrieval(
        query: "features: [{\(query)}], hidden-layers: [8]",
        candidate: "features: [{\(candidate)}], hidden-layers: [8]",
        more: "  propagation-hops: \(hops)"))
    #expect(line.hasPrefix("r.yaml:4: retrieval.propagation-hops: ") && line.contains(message), "\(line)")
  }

  @Test(arguments: [
    (
      "features: [{feature: user-id, dimension: 8}, {feature: friends, dimension: 4}], combine: sum",
      "features: [{feature: item-id, dimension: 8}]", "retrieval.query-tower.features",
      "found 8 (user-id) and 4 (friends)"
    ),
    (
      "features: [{feature: user-id, dimension: 8}]", "features: [{feature: item-id, dimension: 4}]", "retrieval",
      "puts out 8 numbers and the candidate tower 4"
    ),
    (
      "features: [{feature: user-id}], hidden-layers: [16]",
      "features: [{feature: item-statistics}], hidden-layers: [8]",
      "retrieval", "puts out 16 numbers and the candidate tower 8"
    ),
    (
      "features: [{feature: user-id, dimension: 8}, {feature: friends, dimension: 4, table: user-id}]",
      "features: [{feature: item-id, dimension: 12}]", "retrieval",
      "table 'user-id' has dimension 8 for 'user-id' and 4"
    ),
    (
      "features: [{feature: user-id, table: shared}]", "features: [{feature: item-id, table: shared}]", "retrieval",
      "one is over users and the other over items"
    ),
    (
      "features: [{feature: item-id}]", "features: [{feature: item-id}]", "retrieval.query-tower.features.0",
      "'item-id' is no feature of this tower, which takes: user-id, friends"
    ),
    ("features: []", "features: [{feature: item-id}]", "retrieval.query-tower.features", "the tower has no input"),
    (
      "features: [{feature: user-statistics}, {feature: user-statistics}], combine: sum",
      "features: [{feature: item-id}]", "retrieval.query-tower.features.1", "'user-statistics' is listed twice"
    ),
  ])
  func towersThatDoNotFitAreRefused(query: String, candidate: String, path: String, message: String) {
    let line = refusal(retrieval(query: query, candidate: candidate))
    #expect(line.hasPrefix("r.yaml:") && line.contains(": \(path): ") && line.contains(message), "\(line)")
  }

  @Test func tasksThatDoNotFitAreRefused() {
    let query = "features: [{feature: user-id}]"
    let candidate = "features: [{feature: item-id}]"
    let own = "ranking:\n  query-tower: {\(query)}\n  candidate-tower: {\(candidate)}\n"
    #expect(refusal("ranking:\n  towers: shared").contains("ranking.towers: 'shared' needs a 'retrieval' section"))
    #expect(refusal(own + "tasks: {order: joint}").contains("tasks.order: 'joint' needs both"))
    #expect(
      refusal(retrieval(query: query, candidate: candidate, more: own + "tasks: {order: joint}"))
        .contains("tasks.order: 'joint' trains the same towers"))
    #expect(
      refusal(retrieval(query: query, candidate: candidate, more: "tasks: {retrieval-weight: 0, ranking-weight: 0}"))
        .contains("tasks: the two tasks' weights are both 0"))
    #expect(
      refusal(retrieval(query: query, candidate: candidate, more: "ranking: {towers: shared}\ntasks: {order: joint}"))
        == "accepted")
  }
}
