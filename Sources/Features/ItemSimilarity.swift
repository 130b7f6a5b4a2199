import TwoTowerKernels

/// How alike an item and a user's other training items are: the cosine of who trained on them, without the user.
///
/// co / (√(n₁ n₂) + 3), where `co` other users have both items, and n₁ and n₂ other users the one and the other;
/// the 3 keeps two items that one user happens to share from being alike.
struct ItemSimilarity {
  private let training: SparseRows
  /// Entries of `training` by item, and the user of each entry.
  private let users: Grouping
  private let owners: [Int32]
  private let meanLabel: Float
  private let labelScaling: LabelScaling
  /// How many users of the loaded item have each item.
  private var together: [Int32]
  private var item = 0

  private static let shrinkage: Float = 3
  private static let labelStrength: Float = 0.1

  init(_ tables: PairTables, users: Grouping, owners: [Int32]) {
    training = tables.training
    self.users = users
    self.owners = owners
    meanLabel = tables.meanLabel
    labelScaling = tables.labelScaling
    together = Array(repeating: 0, count: tables.itemCount)
  }

  mutating func load(item: Int) {
    clear()
    self.item = item
    for position in users.range(of: item) {
      for entry in training.range(of: Int(owners[Int(users.order[position])])) {
        together[Int(training.indices[entry])] &+= 1
      }
    }
  }

  private mutating func clear() {
    guard !together.isEmpty else { return }
    for position in users.range(of: item) {
      for entry in training.range(of: Int(owners[Int(users.order[position])])) {
        together[Int(training.indices[entry])] = 0
      }
    }
  }

  /// Similarities of the loaded item to the other training items of `user`, and the labels that they weight.
  func summary(user: Int, isTraining: Bool) -> (mean: Float, maximum: Float, label: Float) {
    let own: Int32 = isTraining ? 1 : 0
    let itemUsers = Float(max(1, Int32(users.range(of: item).count) - own))
    var sum: Float = 0
    var maximum: Float = 0
    var labels: Float = 0
    var others = 0
    // A training row's own label is part of what the others were scaled by: they are scaled anew without it.
    var squares: Float = 0
    var largest: Float = 0
    for entry in training.range(of: user) {
      let other = Int(training.indices[entry])
      if other == item { continue }
      others += 1
      squares += training.weights[entry] * training.weights[entry]
      largest = max(largest, training.weights[entry])
      let shared = together[other] - own
      if shared <= 0 { continue }
      let otherUsers = Float(max(1, users.range(of: other).count - 1))
      let similarity = Float(shared) / ((itemUsers * otherUsers).squareRoot() + Self.shrinkage)
      sum += similarity
      maximum = max(maximum, similarity)
      labels += similarity * training.weights[entry]
    }
    if isTraining {
      switch labelScaling {
      case .perUserL2 where squares > 0: labels /= squares.squareRoot()
      case .perUserMaximum where largest > 0: labels /= largest
      default: break
      }
    }
    let strength = Self.labelStrength
    return (
      others > 0 ? sum / Float(others) : 0, maximum, (labels + strength * meanLabel) / (sum + strength)
    )
  }
}
