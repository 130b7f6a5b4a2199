/// The secure hash SHA-256 of bytes that come in any number of pieces (FIPS 180-4).
package struct SHA256 {
  private static let blockByteCount = 64

  private let compression: SHA256Compression
  private var state = SHA256Compression.initialState
  /// The start of a block that is not full yet.
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0

  package init() { self.init(.fastest) }

  package init(_ compression: SHA256Compression) {
    self.compression = compression
    pending.reserveCapacity(Self.blockByteCount)
  }

  /// Takes in the bytes that come next.
  package mutating func update(_ bytes: RawSpan) {
    byteCount += UInt64(bytes.byteCount)
    var offset = 0
    if !pending.isEmpty {
      offset = min(Self.blockByteCount - pending.count, bytes.byteCount)
      append(bytes.extracting(first: offset))
      if pending.count < Self.blockByteCount { return }
      foldPending()
    }
    let end = offset + (bytes.byteCount - offset) / Self.blockByteCount * Self.blockByteCount
    state = compression.folding(bytes.extracting(offset..<end), into: state)
    append(bytes.extracting(droppingFirst: end))
  }

  /// The digest of all bytes taken in, as 64 lower-case hexadecimal digits.
  package consuming func finish() -> String {
    // A one bit, zeros, and the length in bits as the last eight bytes of a block.
    let bitCount = byteCount &* 8
    pending.append(0x80)
    while pending.count % Self.blockByteCount != Self.blockByteCount - 8 {
      if pending.count == Self.blockByteCount { foldPending() }
      pending.append(0)
    }
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      pending.append(UInt8(truncatingIfNeeded: bitCount >> shift))
    }
    foldPending()
    return (0..<8).map { hexadecimal(state[$0]) }.joined()
  }

  /// The digest of `bytes`, as 64 lower-case hexadecimal digits.
  package static func digest(of bytes: RawSpan) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  private mutating func append(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { pending.append(contentsOf: $0) }
  }

  private mutating func foldPending() {
    state = compression.folding(pending.span.bytes, into: state)
    pending.removeAll(keepingCapacity: true)
  }

  private func hexadecimal(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
