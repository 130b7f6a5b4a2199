/// A key of an object whose keys are not known beforehand.
struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { Int(stringValue) }

  init(stringValue: String) { self.stringValue = stringValue }
  init(intValue: Int) { stringValue = "\(intValue)" }
}

extension Decoder {
  /// An object that has none but known keys: one that was renamed is an error and not a value that is missing.
  ///
  /// - Parameter isKnown: whether a key that is none of `keys` may be there all the same.
  /// - Throws: `DecodingError` naming a key that is not expected.
  package func container<Key: CodingKey & CaseIterable>(
    ofOnly keys: Key.Type, or isKnown: (String) -> Bool = { _ in false }
  ) throws -> KeyedDecodingContainer<Key> {
    let found = try container(keyedBy: AnyKey.self)
    let expected = Key.allCases.map(\.stringValue)
    for key in found.allKeys where !expected.contains(key.stringValue) && !isKnown(key.stringValue) {
      throw found.unexpected(key, expected)
    }
    return try container(keyedBy: keys)
  }
}

extension KeyedDecodingContainer where Key == AnyKey {
  func unexpected(_ key: AnyKey, _ expected: [String]) -> DecodingError {
    .dataCorrupted(
      DecodingError.Context(
        codingPath: codingPath,
        debugDescription: "found the key '\(key.stringValue)', expected one of \(expected.joined(separator: ", "))"))
  }
}

/// Carries the members of an object out of its container.
private struct StrictObject<Key: CodingKey & CaseIterable>: Decodable {
  let members: KeyedDecodingContainer<Key>

  init(from decoder: any Decoder) throws { members = try decoder.container(ofOnly: Key.self) }
}

extension KeyedDecodingContainer {
  /// The object at a key, which has none but the given keys.
  ///
  /// - Throws: `DecodingError` naming what is missing or not expected.
  package func object<Inner: CodingKey & CaseIterable>(
    ofOnly keys: Inner.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Inner> {
    try decode(StrictObject<Inner>.self, forKey: key).members
  }
}
