import Testing
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

extension BaselineSettings: CustomTestStringConvertible {
  /// Every kind, as it suits small matrices, and what only one of them can be set to.
  static let small: [BaselineSettings] =
    baselineTypes.map { small($0) } + [BaselineSettings(ItemNeighbors.self, .init(neighbors: 3, shrinkage: 1))]

  private static func small<Model: Baseline>(_ type: Model.Type) -> BaselineSettings {
    var settings = BaselineSettings(type)
    if var model = settings.model as? EASE.Settings {
      model.regularization = 1
      settings.model = model
    }
    if var model = settings.model as? ImplicitALS.Settings {
      model.dimension = 8
      settings.model = model
    }
    return settings
  }

  func fit(_ interactions: InteractionMatrix) throws -> any Baseline {
    func fit<Model: Baseline>(_ type: Model.Type) throws -> any Baseline {
      let settings = try #require(model as? Model.Settings)
      return try Model(fitting: interactions, settings: settings, seed: 1) { _, _ in }
    }
    let type = baselineTypes.first { $0.kind == kind }!
    return try fit(type)
  }

  package var testDescription: String { "\(kind), \(weights.rawValue), \(model)" }
}

/// A random matrix of interactions, dense and as the models take it.
struct RandomInteractions {
  var dense: [[Double]]
  let matrix: InteractionMatrix

  /// - Parameter density: the share of pairs that are there. Row 0 and column 0 stay empty where there are more.
  init(users: Int, items: Int, density: Float, isWeighted: Bool, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, purpose: .sample)
    dense = (0..<users).map { _ in [Double](repeating: 0, count: items) }
    var pairs: [(Int, Int)] = []
    for user in 0..<users where user > 0 || users == 1 {
      for item in 0..<items where (item > 0 || items == 1) && generator.uniform() < density {
        dense[user][item] = isWeighted ? Double(generator.below(4) + 1) / 2 : 1
        pairs.append((user, item))
      }
    }
    generator.shuffle(&pairs)
    matrix = InteractionMatrix(
      userCount: users, itemCount: items, users: pairs.map { Int32($0.0) }, items: pairs.map { Int32($0.1) },
      weights: isWeighted ? pairs.map { [dense] in Float(dense[$0.0][$0.1]) } : nil)
  }

  var columns: [[Double]] { (dense.first ?? []).indices.map { item in dense.map { $0[item] } } }
}

/// Users and items of like parity belong together; the pair of a user and the item of the same number is left out.
func checkerboard(_ count: Int) -> InteractionMatrix {
  let pairs = (0..<count).flatMap { user in
    (0..<count).filter { $0 != user && $0 % 2 == user % 2 }.map { (Int32(user), Int32($0)) }
  }
  return InteractionMatrix(userCount: count, itemCount: count, users: pairs.map(\.0), items: pairs.map(\.1))
}

extension CandidateScorer {
  /// All scores, `[users][candidates]`.
  var allScores: [[Float]] { scores(of: Array(0..<userCount), candidates: 0..<candidateCount) }

  func scores(of users: [Int], candidates: Range<Int>) -> [[Float]] {
    let buffer = FloatBuffer([Float](repeating: .nan, count: users.count * candidates.count))
    var span = buffer.mutableSpan
    score(users, candidates: candidates, into: &span)
    let values = buffer.array
    return users.indices.map { Array(values[$0 * candidates.count..<($0 + 1) * candidates.count]) }
  }
}

/// Solves A · x = b by Gaussian elimination with pivoting.
func solved(_ a: [[Double]], _ b: [Double]) -> [Double] {
  var (a, x) = (a, b)
  for k in x.indices {
    let pivot = (k..<x.count).max { abs(a[$0][k]) < abs(a[$1][k]) }!
    a.swapAt(k, pivot)
    x.swapAt(k, pivot)
    for row in x.indices where row != k {
      let factor = a[row][k] / a[k][k]
      for column in k..<x.count { a[row][column] -= factor * a[k][column] }
      x[row] -= factor * x[k]
    }
  }
  return x.indices.map { x[$0] / a[$0][$0] }
}

func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }

/// The greatest difference of two matrices of one shape; infinite where a value is not a number.
func difference(_ found: [[Float]], _ expected: [[Double]]) -> Double {
  guard found.map(\.count) == expected.map(\.count) else { return .infinity }
  return zip(found.joined(), expected.joined()).reduce(0) {
    let difference = abs(Double($1.0) - $1.1)
    return difference.isNaN ? .infinity : max($0, difference)
  }
}
