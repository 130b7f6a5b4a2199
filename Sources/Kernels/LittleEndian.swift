// Numbers out of files, which hold them with the lowest byte first, at any alignment.

extension FloatBuffer {
  /// A copy of `bytes` as floats; what is left over after the last whole one is passed over.
  package convenience init(littleEndian bytes: RawSpan) {
    self.init(uninitialized: bytes.byteCount / 4)
    copyWhole(bytes, to: UnsafeMutableRawBufferPointer(start: base, count: count * 4))
    #if _endian(big)
      for i in 0..<count { base[i] = Float(bitPattern: base[i].bitPattern.byteSwapped) }
    #endif
  }
}

extension Array where Element: FixedWidthInteger & BitwiseCopyable {
  /// A copy of `bytes` as integers; what is left over after the last whole one is passed over.
  package init(littleEndian bytes: RawSpan) {
    let count = bytes.byteCount / MemoryLayout<Element>.size
    self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
      copyWhole(
        bytes, to: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count * MemoryLayout<Element>.size))
      initialized = count
    }
    #if _endian(big)
      for i in indices { self[i] = self[i].byteSwapped }
    #endif
  }
}

/// Fills `target` with the first of `bytes`.
private func copyWhole(_ bytes: RawSpan, to target: UnsafeMutableRawBufferPointer) {
  guard target.count > 0 else { return }
  bytes.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<target.count])) }
}
