import Foundation
import TwoTowerKit

/// Users and items of four tastes: users have most items of their own taste and few of the others.
struct MadeUpData {
  static let userCount = 60
  static let itemCount = 40

  let interactions: Interactions
  /// Items by user, as given.
  let rows: [String: [String: Float]]

  static func user(_ number: Int) -> String { "user \(number)" }
  static func item(_ number: Int) -> String { String(format: "%03d", number) }
  /// A number below 10 that follows no pattern, the same in every run.
  private static func scatter(_ number: Int) -> Int {
    var bits = (UInt64(number) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    return Int((bits ^ (bits >> 27)) >> 33) % 10
  }

  static func taste(ofItem item: String) -> Int { Int(item)! % 4 }

  init() throws {
    var users: [String] = []
    var items: [String] = []
    var weights: [Float] = []
    var rows: [String: [String: Float]] = [:]
    for user in 0..<Self.userCount {
      for item in 0..<Self.itemCount {
        let scatter = Self.scatter(user * Self.itemCount + item)
        guard scatter < (user % 4 == item % 4 ? 6 : 1) else { continue }
        users.append(Self.user(user))
        items.append(Self.item(item))
        weights.append(Float(scatter + 1))
        rows[users.last!, default: [:]][items.last!] = weights.last!
      }
    }
    self.rows = rows
    let catalogue = (0..<Self.itemCount).map(Self.item)
    interactions = try Interactions(
      users: users, items: items, weights: weights,
      itemNames: Dictionary(uniqueKeysWithValues: catalogue.map { ($0, "Item \(Int($0)!)") }),
      itemTags: Dictionary(uniqueKeysWithValues: catalogue.map { ($0, ["taste \(Self.taste(ofItem: $0))"]) }))
  }
}

let madeUp: Result<MadeUpData, any Error> = Result { try MadeUpData() }

/// Small settings of every kind.
let allSettings: [(name: String, settings: RecommenderSettings)] = [
  ("retrieval", .retrieval(dimension: 8, epochs: 40, batchSize: 64, learningRate: 0.02, minimumTagCount: 1)),
  (
    "history",
    .history(dimension: 8, hiddenWidth: 16, epochs: 30, batchSize: 64, learningRate: 0.01, minimumTagCount: 1)
  ),
  ("implicit-als", .implicitALS(dimension: 4, unobservedWeight: 0.2, regularization: 0.05, iterations: 10)),
  ("ease", .ease(regularization: 50)),
  ("item-neighbors", .itemNeighbors(10, usesWeights: true)),
  ("popularity", .popularity),
]

let kindNames = allSettings.map(\.name)

/// Models of every kind on all rows, fitted once.
private let fittedModels: Result<[String: Recommender], any Error> = Result {
  let data = try madeUp.get().interactions
  return Dictionary(
    uniqueKeysWithValues: try allSettings.map { ($0.name, try Recommender.fit(data, settings: $0.settings, seed: 3)) })
}

func model(_ kind: String) throws -> Recommender { try fittedModels.get()[kind]! }

func settings(_ kind: String) -> RecommenderSettings { allSettings.first { $0.name == kind }!.settings }

/// Every list that the tests compare models by.
func answers(_ model: Recommender) throws -> [[Recommendation]] {
  let users = try model.users.map { try model.recommend(for: .user($0), count: 12) }
  let others = try [["000": 2, "004": 1], ["013": 5]].map { try model.recommend(for: .likes($0), count: 12) }
  return users + others
}
