import Foundation
import Testing
import TestSupport

private let data = RealData.lastfm
private let splits = RealData.splits

/// The figures that the project promises on the real set, for one seed of the three that they are means of.
@Suite(.enabled(if: data != nil && splits != nil, "set TWOTOWER_LASTFM and TWOTOWER_SPLITS to their folders"), .serialized)
struct RealDataTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func figures(of recipe: [String]) throws -> [String: Any] {
    let outcome = try twotower(
      [
        "fit", "--data", try #require(data), "--train", "\(try #require(splits))/lastfm-62k-30k.train.tsv", "--test",
        "\(try #require(splits))/lastfm-62k-30k.test.tsv", "--seed", "1", "--output", folder("run"), "--json",
      ] + recipe)
    expectSuccess(outcome)
    #expect(outcome.errors.contains("1,892 users, 17,632 items, 92,834 interactions"))
    return try #require(outcome.json)
  }

  @Test func theReferenceJobLandsWhereItWasPublished() throws {
    let json = try figures(of: ["--recipe", "reference-retrieval"])
    let included = ["retrieval", "seen_included", "top_k_categorical_accuracy"]
    let top100 = try figure(json, included + ["100"])
    let top10 = try figure(json, included + ["10"])
    #expect((0.125...0.150).contains(top100), "top-100 \(top100)")
    #expect(top10 < 0.010, "top-10 \(top10)")
  }

  @Test func aTowerOfHistoriesAloneReachesItsFigures() throws {
    let json = try figures(of: ["--recipe", "history"])
    let excluded = ["retrieval", "seen_excluded"]
    let top100 = try figure(json, excluded + ["top_k_categorical_accuracy", "100"])
    let recall = try figure(json, excluded + ["recall", "20"])
    #expect(top100 >= 0.50, "top-100 \(top100)")
    #expect(recall >= 0.255, "recall@20 \(recall)")
  }

  @Test func peopleWhoWereNeverInTheDataAreServed() throws {
    let json = try figures(of: ["--recipe", "history", "--holdout-users", "0.2"])
    func recall(_ who: String) throws -> Double { try figure(json, ["unseen_users", who, "seen_excluded", "recall", "20"]) }
    let (model, popularity, solved) = (try recall("model"), try recall("popularity"), try recall("ials_fold_in"))
    #expect(model > 2 * popularity, "recall@20 \(model), popularity \(popularity)")
    #expect(model > solved, "recall@20 \(model), iALS fold-in \(solved)")
  }

  @Test func theDefaultRecipeReachesItsFigures() throws {
    let json = try figures(of: [])
    let excluded = ["retrieval", "seen_excluded"]
    let top100 = try figure(json, excluded + ["top_k_categorical_accuracy", "100"])
    let recall = try figure(json, excluded + ["recall", "20"])
    let ndcg = try figure(json, excluded + ["ndcg", "20"])
    #expect(top100 >= 0.505, "top-100 \(top100)")
    #expect(recall >= 0.262, "recall@20 \(recall)")
    #expect(ndcg >= 0.292, "ndcg@20 \(ndcg)")
    #expect(try figure(json, ["reranked", "recall", "20"]) >= recall + 0.004)
    #expect(try figure(json, ["reranked", "ndcg", "20"]) >= ndcg + 0.01)
    let cold = try figure(json, ["cold", "seen_excluded", "top_k_categorical_accuracy", "100"])
    let chance = try figure(json, ["chance", "cold", "top_k_categorical_accuracy", "100"])
    #expect(cold >= 5 * chance, "cold top-100 \(cold), chance \(chance)")
    let rmse = try figure(json, ["ranking", "rmse"])
    let pairwise = try figure(json, ["ranking", "pairwise_accuracy"])
    let plain = try figure(json, ["ranking", "rmse_without_pair_features"])
    let constant = try figure(json, ["ranking", "constant_rmse"])
    #expect(rmse <= 0.090, "RMSE \(rmse)")
    #expect(pairwise >= 0.595, "pairwise \(pairwise)")
    #expect(plain <= 0.101, "RMSE without pair features \(plain)")
    #expect(abs(constant - 0.110) < 0.0005, "the training mean \(constant)")

    let recommended = try twotower("recommend", folder("run"), "--user", "2")
    expectSuccess(recommended)
    #expect(recommended.outputLines.count == 11)
    let ranked = try twotower("rank", folder("run"), "--user", "2", "--artists", "Duran Duran,52,53")
    expectSuccess(ranked)
    #expect(ranked.outputLines.count == 4)
  }
}
