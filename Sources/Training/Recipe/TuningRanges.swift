/// The values of settings that are worth trying, by the settings' dotted paths.
package struct TuningRanges: Sendable, Equatable {
  package var values: [String: [String]]

  package init(_ values: [String: [String]]) { self.values = values }
}

extension TuningRanges: Codable {
  private struct Path: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package init(from decoder: any Decoder) throws {
    values = try decoder.singleValueContainer().decode([String: [String]].self)
  }

  // A dictionary is written in another order each time.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Path.self)
    for (path, values) in values.sorted(by: { $0.key < $1.key }) {
      try container.encode(values, forKey: Path(stringValue: path))
    }
  }
}
