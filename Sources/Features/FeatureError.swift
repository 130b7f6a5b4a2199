public enum FeatureError: Error, Equatable, CustomStringConvertible {
  /// A setting that makes no sense.
  case setting(key: String, found: String, expected: String)
  /// What training rows see would have too many entries to hold.
  case size(feature: String, entries: Int, limit: Int, advice: String)

  public var description: String {
    switch self {
    case .setting(let key, let found, let expected): "features: \(key) is \(found), expected \(expected)"
    case .size(let feature, let entries, let limit, let advice):
      "features: \(feature) would hold \(entries) entries for the training rows, at most \(limit) fit; \(advice)"
    }
  }
}
