import TwoTowerFiles

/// Why features cannot be made or read back.
package enum FeatureError: UserFacingError, Equatable {
  /// A setting that makes no sense.
  case setting(key: String, found: String, expected: String)
  /// What training rows see would have too many entries to hold.
  case size(feature: String, entries: Int, limit: Int, advice: String)
  /// An array of a saved run that is not there.
  case missingTable(String)
  /// An array of a saved run that does not fit the others.
  case table(name: String, found: String, expected: String)

  package var description: String {
    switch self {
    case .setting(let key, let found, let expected): "features: \(key) is \(found), expected \(expected)"
    case .size(let feature, let entries, let limit, let advice):
      "features: \(feature) would hold \(entries) entries for the training rows, at most \(limit) fit; \(advice)"
    case .missingTable(let name): "features: the table \(name) is missing"
    case .table(let name, let found, let expected): "features: the table \(name) has \(found), expected \(expected)"
    }
  }
}
