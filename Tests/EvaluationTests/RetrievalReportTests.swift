import Foundation
import Testing
import TwoTowerAutodiff
import TwoTowerEvaluation
import TwoTowerFiles

struct RetrievalReportTests {
  private func report() throws -> RetrievalReport {
    let items = 120
    return try evaluateRetrieval(
      queries: Tensor([2, 1], [1, 1]), candidates: Tensor([items, 1], (0..<items).map { Float($0) }),
      truth: RetrievalTruth(
        userCount: 2, candidateCount: items, trainingUsers: [0], trainingItems: [5], testUsers: [0, 1], testItems: [119, 5]),
      seed: 1)
  }

  @Test func theDocumentHasTheDefinitionsStructureAndNumericOrder() throws {
    let text = try report().json.text()
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(Set(object.keys) == ["seen_included", "seen_excluded", "intervals"])
    let included = try #require(object["seen_included"] as? [String: Any])
    #expect(Set(included.keys) == ["top_k_categorical_accuracy", "mrr"])
    let excluded = try #require(object["seen_excluded"] as? [String: Any])
    #expect(
      Set(excluded.keys) == ["top_k_categorical_accuracy", "mrr", "recall", "ndcg", "precision", "map", "hit_rate", "coverage"])
    #expect((excluded["recall"] as? [String: Double])?["20"] == 0.5)
    let intervals = try #require(object["intervals"] as? [String: [String: Any]])
    #expect((intervals["seen_excluded"]?["mrr"] as? [Double])?.count == 2)
    #expect(intervals["seen_excluded"]?["coverage"] == nil)

    let keys = ["\"1\":", "\"5\":", "\"10\":", "\"50\":", "\"100\":"].map { text.range(of: $0)!.lowerBound }
    #expect(keys == keys.sorted())
  }
}
