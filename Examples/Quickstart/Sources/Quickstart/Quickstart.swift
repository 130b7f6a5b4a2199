import Datasets
import Foundation
import TwoTowerKit

@main
struct Quickstart {
  static func main() async throws {
    let data = try madeUpListeners()
    print("\(data.count) rows of \(data.users.count) listeners and \(data.items.count) artists")

    // Measured on rows that the fit does not see, beside what needs no model.
    let (training, heldOut) = try data.holdingOut(0.2, seed: 1)
    let settings = RecommenderSettings.implicitALS(dimension: 8, regularization: 5)
    var reports = 0
    let model = try Recommender.fit(training, settings: settings, seed: 1) { _ in
      reports += 1
      return true
    }
    print("fitted, with \(reports) reports of progress")
    let report = try model.evaluate(on: heldOut)
    guard let recall = report["recall@20"], let popular = recall.popularity else { fatalError("no recall@20") }
    print("recall@20 \(rounded(recall.value)), of the most popular \(rounded(popular))")

    show("for listener-4, who likes rock", try model.recommend(for: .user("listener-4"), count: 3))
    show("for a stranger who likes jazz", try model.recommend(for: .likes(["artist-1": 40, "artist-5": 8]), count: 3))
    show("like artist-2, a folk artist", try model.similarItems(to: "artist-2", count: 3))
    show("in order for listener-3", try model.rank(["artist-0", "artist-3", "artist-2"], for: .user("listener-3")))

    do { _ = try model.similarItems(to: "artst-2", count: 3) } catch { print("refused: \(error)") }

    // Kept in a folder, and asked from several threads.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("quickstart-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try model.save(to: folder)
    let loaded = try Recommender(contentsOf: folder)
    let lists = try await withThrowingTaskGroup(of: (String, [Recommendation]).self) { group in
      for user in loaded.users { group.addTask { (user, try loaded.recommend(for: .user(user), count: 5)) } }
      var lists: [String: [Recommendation]] = [:]
      for try await (user, list) in group { lists[user] = list }
      return lists
    }
    for user in model.users where try model.recommend(for: .user(user), count: 5) != lists[user] {
      fatalError("\(user) is answered otherwise after loading")
    }
    print("saved, loaded, and \(lists.count) listeners answered the same")
  }

  static func show(_ title: String, _ list: [Recommendation]) {
    print("\(title): " + list.map { "\($0.name) (\(rounded(Double($0.score))))" }.joined(separator: ", "))
  }

  static func rounded(_ value: Double) -> String { String(format: "%.3f", value) }
}
