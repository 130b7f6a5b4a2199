import TwoTowerFiles

/// Reads the JSON of a safetensors header: objects of strings and of tensor entries, nothing else.
///
/// Written out because general JSON readers let a repeated name pass, and the format forbids it.
struct HeaderParser {
  private let bytes: [UInt8]
  private let path: String
  private var position = 0

  init(bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  func error(_ found: String, _ expected: String) -> CheckpointError {
    .malformed(path: path, place: "header byte \(8 + position)", found: found, expected: expected)
  }

  private func unexpected(_ expected: String) -> CheckpointError {
    guard position < bytes.count else { return error("the end of the header", expected) }
    let byte = bytes[position]
    let isPrintable = (0x21...0x7E).contains(byte)
    return error(isPrintable ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)", expected)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  /// Whether `character` comes next; if so it is passed.
  private mutating func accept(_ character: UnicodeScalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: UnicodeScalar) throws(CheckpointError) {
    guard accept(character) else { throw unexpected("'\(character)'") }
  }

  /// Only spaces may follow.
  mutating func end() throws(CheckpointError) {
    skipSpace()
    guard position == bytes.count else { throw unexpected("the end of the header") }
  }

  /// An object, whose members' values `value` reads.
  mutating func object(
    _ value: (inout HeaderParser, _ name: String) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    try expect("{")
    if accept("}") { return }
    repeat {
      let name = try string()
      try expect(":")
      try value(&self, name)
    } while accept(",")
    try expect("}")
  }

  mutating func metadata() throws(CheckpointError) -> [String: String] {
    var metadata: [String: String] = [:]
    try object { parser, name throws(CheckpointError) in
      guard metadata[name] == nil else { throw parser.error("a second key \(name.quoted())", "each key once") }
      metadata[name] = try parser.string()
    }
    return metadata
  }

  mutating func entry(named name: String) throws(CheckpointError) -> SafetensorsEntry {
    var type: StoredElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try object { parser, key throws(CheckpointError) in
      switch key {
      case "dtype" where type == nil:
        let found = try parser.string()
        type = StoredElementType(rawValue: found)
        guard type != nil else {
          throw parser.error(
            "type \(found.quoted()) of tensor \(name.quoted())",
            StoredElementType.allCases.map(\.rawValue).joined(separator: ", "))
        }
      case "shape" where shape == nil: shape = try parser.integers()
      case "data_offsets" where offsets == nil: offsets = try parser.integers()
      default:
        throw parser.error("key \(key.quoted()) in tensor \(name.quoted())", "dtype, shape and data_offsets, each once")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw error("an incomplete entry of tensor \(name.quoted())", "dtype, shape and data_offsets [begin, end]")
    }
    var byteCount = type.byteCount
    for extent in shape {
      let (product, overflows) = byteCount.multipliedReportingOverflow(by: extent)
      guard !overflows else {
        throw error("shape \(shape) of tensor \(name.quoted())", "a size that fits 63 bits")
      }
      byteCount = product
    }
    guard byteCount == offsets[1] - offsets[0] else {
      throw error(
        "\(offsets[1] - offsets[0]) bytes of tensor \(name.quoted())", "\(byteCount) for \(type.rawValue) \(shape)")
    }
    return SafetensorsEntry(elementType: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// An array of whole numbers, not negative.
  private mutating func integers() throws(CheckpointError) -> [Int] {
    try expect("[")
    var values: [Int] = []
    if accept("]") { return values }
    repeat {
      skipSpace()
      let start = position
      while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
      guard position > start else { throw unexpected("a whole number") }
      guard let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
        throw error("a number of \(position - start) digits", "one that fits 63 bits")
      }
      values.append(value)
    } while accept(",")
    try expect("]")
    return values
  }

  private mutating func string() throws(CheckpointError) -> String {
    try expect("\"")
    var units: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      let byte = bytes[position]
      guard byte >= 0x20 else { throw unexpected("no control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        units += Array(String(try escape()).utf8)
      } else {
        units.append(byte)
      }
    }
    try expect("\"")
    guard let string = String(validating: units, as: UTF8.self) else { throw error("a string", "valid UTF-8") }
    return string
  }

  /// What follows a backslash.
  private mutating func escape() throws(CheckpointError) -> Character {
    guard position < bytes.count else { throw unexpected("an escape") }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var value = try hexadecimal()
      if (0xD800...0xDBFF).contains(value), position + 1 < bytes.count,
        bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let low = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(low) else { throw error("half a surrogate pair", "both halves") }
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
      }
      guard let scalar = UnicodeScalar(value) else { throw error("half a surrogate pair", "both halves") }
      return Character(scalar)
    default:
      position -= 1
      throw unexpected("an escape")
    }
  }

  private mutating func hexadecimal() throws(CheckpointError) -> UInt32 {
    let digits = bytes[position..<min(position + 4, bytes.count)]
    guard digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw unexpected("four hexadecimal digits") }
    position += 4
    return value
  }
}
