import TwoTowerFiles

/// A text file of the sample that is being written, through a buffer.
final class SampleFile {
  private var file: OutputFile
  private var buffer: [UInt8] = []
  private static let capacity = 1 << 16

  /// Makes the file at `path`, which must not exist.
  init(creating path: String) throws(FileError) {
    file = try OutputFile(creating: path)
    buffer.reserveCapacity(Self.capacity + 4096)
  }

  func line(_ text: String) throws(FileError) {
    buffer.append(contentsOf: text.utf8)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Whole numbers of 0 or more, tab-separated.
  func row(_ values: [Int]) throws(FileError) {
    for (position, value) in values.enumerated() {
      if position > 0 { buffer.append(UInt8(ascii: "\t")) }
      let start = buffer.count
      var rest = value
      repeat {
        buffer.append(UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
      } while rest > 0
      buffer[start...].reverse()
    }
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Writes what the buffer holds: to be called at the end.
  func flush() throws(FileError) {
    let bytes = buffer
    try file.write(bytes.span.bytes)
    buffer.removeAll(keepingCapacity: true)
  }
}
