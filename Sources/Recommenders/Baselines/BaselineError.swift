import TwoTowerFiles
import TwoTowerKernels

/// Why a baseline model could not be fitted.
package enum BaselineError: UserFacingError, Equatable {
  /// A setting is out of its range.
  case setting(name: String, found: String, expected: String)
  /// The model would hold more bytes than the machine has free.
  case tooMuchMemory(kind: String, needed: Int, free: Int)
  /// A model would hold more entries than can be numbered.
  case tooManyEntries(found: Int, limit: Int, advice: String)
  /// Interactions weigh their labels, and one is negative.
  case negativeLabel(Float)
  /// The least-squares problem has no unique solution in single precision.
  case notPositiveDefinite(regularization: Float)

  package var description: String {
    switch self {
    case .setting(let name, let found, let expected):
      "\(name): found \(found), expected \(expected)"
    case .tooMuchMemory(let kind, let needed, let free):
      "\(kind) would hold \(gigabytes(needed)), \(gigabytes(free)) of memory are free; choose item-neighbors, which "
        + "needs least"
    case .tooManyEntries(let found, let limit, let advice):
      "the model would hold \(found) entries, at most \(limit) can be numbered; \(advice)"
    case .negativeLabel(let label):
      "weights of interactions: found a label of \(label), expected 0 or more: "
        + "set baseline.weights to 'binary', or labels to another scaling"
    case .notPositiveDefinite(let regularization):
      "the least-squares problem cannot be solved in single precision with regularization \(regularization); raise it"
    }
  }

  static func check(
    _ name: String, _ value: some CustomStringConvertible, expected: String, _ holds: Bool
  ) throws(BaselineError) {
    guard holds else { throw .setting(name: name, found: "\(value)", expected: expected) }
  }

  /// Refuses more entries than sparse rows number.
  package static func checkEntries(_ count: Int, advice: String) throws(BaselineError) {
    guard count > IndexLists.maximumCount else { return }
    throw .tooManyEntries(found: count, limit: IndexLists.maximumCount, advice: advice)
  }
}
