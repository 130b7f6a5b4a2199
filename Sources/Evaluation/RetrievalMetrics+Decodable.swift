extension RetrievalMetrics: Decodable where Value: Decodable {
  /// Reads what `json` writes.
  ///
  /// - Throws: `DecodingError` naming a key that is not a metric's, or a value of another type.
  package init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: AnyKey.self)
    for key in container.allKeys {
      guard let metric = RetrievalMetric.all.first(where: { $0.key == key.stringValue }) else {
        throw container.unexpected(key, RetrievalMetric.all.map(\.key))
      }
      guard metric.hasCutoff else {
        self[MetricAtCutoff(metric)] = try container.decode(Value.self, forKey: key)
        continue
      }
      for (cutoff, value) in try container.decode([Int: Value].self, forKey: key) {
        self[MetricAtCutoff(metric, at: cutoff)] = value
      }
    }
  }
}

extension ConfidenceInterval: Decodable {
  /// Reads `[low, high]`.
  package init(from decoder: any Decoder) throws {
    let bounds = try [Double](from: decoder)
    guard bounds.count == 2 else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath, debugDescription: "found \(bounds.count) numbers, expected [low, high]"))
    }
    self.init(low: bounds[0], high: bounds[1])
  }
}
