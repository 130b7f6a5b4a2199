import TwoTowerFiles

/// Where a tensor stands in a safetensors file.
struct SafetensorsEntry: Sendable, Equatable {
  var elementType: StoredElementType
  var shape: [Int]
  /// In bytes from the end of the header.
  var range: Range<Int>
}

/// The JSON header of a safetensors file (https://github.com/huggingface/safetensors, "Format").
struct SafetensorsHeader: Sendable, Equatable {
  /// The format's own bound.
  static let maximumByteCount = 100_000_000
  static let metadataKey = "__metadata__"

  var metadata: [String: String] = [:]
  var entries: [String: SafetensorsEntry] = [:]

  /// The header as text, entries in the order of their data, padded with spaces to a multiple of 8 bytes.
  var text: String {
    var members: [(key: String, value: JSONValue)] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
      members.append((Self.metadataKey, .object(pairs.map { ($0.key, .string($0.value)) })))
    }
    for (name, entry) in entries.sorted(by: { Self.precedes($0, $1) }) {
      let value = JSONValue.object([
        ("dtype", .string(entry.elementType.rawValue)), ("shape", .array(entry.shape.map(JSONValue.integer))),
        ("data_offsets", .array([.integer(entry.range.lowerBound), .integer(entry.range.upperBound)])),
      ])
      members.append((name, value))
    }
    let text = JSONValue.object(members).text(indent: nil)
    return text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
  }

  /// The order tensors are laid out in: wide elements first, so that all stand aligned, then by name.
  static func precedes(
    _ left: (key: String, value: SafetensorsEntry), _ right: (key: String, value: SafetensorsEntry)
  ) -> Bool {
    let (a, b) = (left.value.elementType.byteCount, right.value.elementType.byteCount)
    return a != b ? a > b : Array(left.key.utf8).lexicographicallyPrecedes(Array(right.key.utf8))
  }
}

extension SafetensorsHeader {
  /// Reads and checks a header: known types, shape × width = length, data of `dataByteCount` without hole or overlap.
  init(parsing bytes: [UInt8], dataByteCount: Int, path: String) throws(CheckpointError) {
    var parser = HeaderParser(bytes: bytes, path: path)
    var header = SafetensorsHeader()
    var sawMetadata = false
    try parser.object { parser, name throws(CheckpointError) in
      if name == Self.metadataKey {
        guard !sawMetadata else { throw parser.error("a second \(Self.metadataKey)", "one") }
        sawMetadata = true
        header.metadata = try parser.metadata()
      } else {
        guard header.entries[name] == nil else {
          throw parser.error("a second tensor \(name.quoted())", "each name once")
        }
        header.entries[name] = try parser.entry(named: name)
      }
    }
    try parser.end()
    self = header
    try checkLayout(dataByteCount: dataByteCount, path: path)
  }

  private func checkLayout(dataByteCount: Int, path: String) throws(CheckpointError) {
    var end = 0
    let ordered = entries.sorted {
      ($0.value.range.lowerBound, $0.value.range.upperBound) < ($1.value.range.lowerBound, $1.value.range.upperBound)
    }
    for (name, entry) in ordered {
      let place = "tensor \(name.quoted())"
      guard entry.range.lowerBound == end else {
        throw .malformed(
          path: path, place: place, found: "data at byte \(entry.range.lowerBound)",
          expected: "byte \(end), where the tensor before it ends")
      }
      guard entry.range.upperBound <= dataByteCount else {
        throw .malformed(
          path: path, place: place, found: "data up to byte \(entry.range.upperBound)",
          expected: "at most \(dataByteCount), where the file ends")
      }
      end = entry.range.upperBound
    }
    guard end == dataByteCount else {
      throw .malformed(
        path: path, place: "data", found: "\(dataByteCount) bytes", expected: "\(end), where the last tensor ends")
    }
  }
}
