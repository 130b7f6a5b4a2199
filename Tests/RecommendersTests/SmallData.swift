import TwoTowerAutodiff
import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

/// What towers see of a made-up data set with tags, friends and times: 12 users, 9 items, the last of them never met.
func smallTowerData(seed: UInt64 = 1, withPairFeatures: Bool = true) throws -> TowerData {
  var generator = SeededGenerator(seed: seed, purpose: .sample)
  let (userCount, itemCount) = (12, 9)
  var interactions = Interactions()
  var tags = TagAssignments()
  var friends = Friendships()
  for user in 0..<Int32(userCount) {
    for item in 0..<Int32(itemCount - 1) where generator.uniform() < 0.5 {
      interactions.users.append(user)
      interactions.items.append(item)
      interactions.weights.append(Float(1 + generator.below(20)))
      for tag in 0..<Int32(4) where generator.uniform() < 0.3 {
        tags.users.append(user)
        tags.items.append(item)
        tags.tags.append(tag)
        tags.timestamps.append(1_200_000_000_000 + Int64(generator.below(1000)) * 86_400_000)
      }
    }
    friends.users += [user, (user + 1) % Int32(userCount)]
    friends.friends += [(user + 1) % Int32(userCount), user]
  }
  let dataset = Dataset(
    name: "small", users: IdentifierTable((0..<userCount).map { "u\($0)" }),
    items: IdentifierTable((0..<itemCount).map { "i\($0)" }), itemNames: (0..<itemCount).map { "item \($0)" },
    interactions: interactions, tagNames: ["rock", "pop", "jazz", "folk"], tagAssignments: tags, friendships: friends)
  let rows = (0..<Int32(interactions.count)).map { $0 }
  let split = Split(train: rows.filter { $0 % 4 != 0 }, test: rows.filter { $0 % 4 == 0 })
  var settings = FeatureSettings()
  settings.minimumTagCount = 1
  let builder = try FeatureBuilder(dataset: dataset, split: split, labels: .perUserL2, settings: settings)
  func pairs(_ rows: [Int32]) -> LabeledPairs {
    LabeledPairs(
      users: rows.map { interactions.users[Int($0)] }, items: rows.map { interactions.items[Int($0)] },
      labels: builder.labelScaler.labels(
        users: rows.map { interactions.users[Int($0)] }, weights: rows.map { interactions.weights[Int($0)] }))
  }
  var data = TowerData(
    userIdentifiers: dataset.users.identifiers, itemIdentifiers: dataset.items.identifiers,
    itemNames: dataset.itemNames, training: pairs(split.train), validation: LabeledPairs(), test: pairs(split.test),
    features: try FeatureName.allCases.map { try builder.feature(named: $0) },
    pairFeatures: withPairFeatures ? try builder.pairFeatures() : nil)
  data.encoder = try builder.encoder(of: FeatureName.allCases)
  return data
}

extension TowerData {
  var featuresByName: [String: Feature] { Dictionary(uniqueKeysWithValues: features.map { ($0.name, $0) }) }

  func feature(_ name: FeatureName) -> Feature { featuresByName[name.rawValue]! }

  /// All training rows as a batch.
  var trainingRows: [Int32] { (0..<Int32(training.count)).map { $0 } }
}

extension Tensor {
  /// The rows of a matrix.
  var rows: [[Float]] { (0..<shape[0]).map { row($0).array } }
}

extension Parameter {
  /// Whether a backward pass has added anything to the gradient.
  var hasGradient: Bool {
    switch gradient {
    case .none: false
    case .dense(let tensor): tensor.array.contains { $0 != 0 }
    case .rows(let rows): !rows.indices.isEmpty
    }
  }
}

func isClose(_ left: [Float], _ right: [Float], within tolerance: Float = 1e-5) -> Bool {
  left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}
