/// The offset of the first byte that is not part of well-formed UTF-8 (RFC 3629), or nil when all are.
func firstInvalidUTF8(_ bytes: UnsafeRawBufferPointer) -> Int? {
  let count = bytes.count
  var offset = 0
  while offset < count {
    if offset &+ 8 <= count
      && bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
    {
      offset &+= 8
      continue
    }
    let first = bytes[offset]
    if first < 0x80 {
      offset &+= 1
      continue
    }
    // The second byte's range rules out overlong forms, surrogates and values above U+10FFFF.
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return offset
    }
    if offset &+ length > count || !second.contains(bytes[offset &+ 1]) { return offset }
    for next in stride(from: offset &+ 2, to: offset &+ length, by: 1) where bytes[next] & 0xC0 != 0x80 {
      return offset
    }
    offset &+= length
  }
  return nil
}

/// How the text of a file is to be understood.
enum TextEncoding {
  case utf8, latin1

  func decode(_ bytes: UnsafeRawBufferPointer) -> String {
    switch self {
    case .utf8: String(decoding: bytes, as: UTF8.self)
    case .latin1: String(decoding: bytes.lazy.map { UInt16($0) }, as: UTF16.self)
    }
  }
}
