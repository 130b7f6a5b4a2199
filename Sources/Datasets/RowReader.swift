import TwoTowerFiles

/// Walks the rows of a mapped file, one at a time, without copying fields.
///
/// Fields point into the file (or, for quoted fields with doubled quotes, into memory of the current row) and are valid
/// until the next call of `next()`.
struct RowReader: ~Copyable {
  private let file: MappedFile
  private let dialect: Dialect
  /// Nil for a header, whose length is not known beforehand.
  private let columnCount: Int?
  /// What the fields are, where no header says so.
  private let columnNames: [String]?
  /// Where the next row begins.
  private(set) var offset: Int
  private(set) var nextLine: Int
  /// The line on which the current row begins.
  private(set) var line = 0
  private(set) var rowCount = 0
  private(set) var fieldCount = 0
  private var fields: UnsafeMutablePointer<UnsafeRawBufferPointer>
  private var capacity: Int
  private var unescaped: [UnsafeMutableRawBufferPointer] = []

  init(_ file: MappedFile, dialect: Dialect, offset: Int, line: Int, columnCount: Int?, columnNames: [String]? = nil) {
    self.file = file
    self.dialect = dialect
    self.offset = offset
    self.nextLine = line
    self.columnCount = columnCount
    self.columnNames = columnNames
    capacity = max(columnCount ?? 16, 1)
    fields = .allocate(capacity: capacity)
    fields.initialize(repeating: UnsafeRawBufferPointer(start: nil, count: 0), count: capacity)
  }

  deinit {
    fields.deallocate()
    for buffer in unescaped { buffer.deallocate() }
  }

  var path: String { file.path }

  /// The bytes of the current row's field in `column`.
  subscript(column: Int) -> UnsafeRawBufferPointer {
    precondition(column >= 0 && column < fieldCount, "RowReader: column \(column) of \(fieldCount)")
    return fields[column]
  }

  /// Moves to the next row that is not blank; false at the end of the file.
  mutating func next() throws(DatasetError) -> Bool {
    if !unescaped.isEmpty {
      for buffer in unescaped { buffer.deallocate() }
      unescaped.removeAll()
    }
    skipBlankLines()
    let end = file.bytes.count
    guard offset < end, let base = file.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
    if rowCount >= Int(Int32.max) { throw .tooManyRows(path: path) }
    rowCount &+= 1
    line = nextLine
    fieldCount = 0

    let delimiter = dialect.delimiter
    var start = offset
    var position = offset
    while true {
      if dialect.allowsQuotes && position == start && position < end && base[position] == UInt8(ascii: "\"") {
        position = try readQuotedField(at: position)
      } else {
        while position < end && base[position] != delimiter && base[position] != UInt8(ascii: "\n") { position &+= 1 }
        var stop = position
        let endsRow = position == end || base[position] == UInt8(ascii: "\n")
        if endsRow && stop > start && base[stop &- 1] == UInt8(ascii: "\r") { stop &-= 1 }
        append(UnsafeRawBufferPointer(start: base + start, count: stop &- start))
      }
      if position < end && base[position] == delimiter {
        position &+= 1
        start = position
        continue
      }
      break
    }
    // At the end of the file, at a line feed, or (after a quoted field) at a carriage return before one.
    if position < end && base[position] == UInt8(ascii: "\r") { position &+= 1 }
    offset = min(position &+ 1, end)
    nextLine &+= 1
    if let columnCount, fieldCount != columnCount {
      if let columnNames { throw .wrongFieldCount(path: path, line: line, found: fieldCount, columns: columnNames) }
      throw .raggedRow(path: path, line: line, found: fieldCount, expected: columnCount)
    }
    return true
  }

  private mutating func skipBlankLines() {
    let bytes = file.bytes
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "\n") {
        offset &+= 1
      } else if bytes[offset] == UInt8(ascii: "\r")
        && (offset &+ 1 == bytes.count || bytes[offset &+ 1] == UInt8(ascii: "\n"))
      {
        offset = min(offset &+ 2, bytes.count)
      } else {
        return
      }
      nextLine &+= 1
    }
  }

  private mutating func append(_ field: UnsafeRawBufferPointer) {
    if fieldCount < capacity {
      fields[fieldCount] = field
    } else if columnCount == nil {
      let larger = UnsafeMutablePointer<UnsafeRawBufferPointer>.allocate(capacity: capacity * 2)
      larger.initialize(from: fields, count: capacity)
      (larger + capacity).initialize(repeating: field, count: capacity)
      fields.deallocate()
      fields = larger
      capacity *= 2
    }
    fieldCount &+= 1
  }

  /// Appends the quoted field that opens at `opening` and returns the position after its closing quote.
  private mutating func readQuotedField(at opening: Int) throws(DatasetError) -> Int {
    let bytes = file.bytes
    let quote = UInt8(ascii: "\"")
    let openingLine = nextLine
    var position = opening + 1
    var doubledQuotes = 0
    while true {
      guard position < bytes.count else { throw .unclosedQuote(path: path, line: openingLine) }
      if bytes[position] == quote {
        guard position + 1 < bytes.count && bytes[position + 1] == quote else { break }
        doubledQuotes += 1
        position += 1
      } else if bytes[position] == UInt8(ascii: "\n") {
        nextLine += 1
      }
      position += 1
    }
    let text = UnsafeRawBufferPointer(rebasing: bytes[(opening + 1)..<position])
    let after = position + 1
    let endsField =
      after == bytes.count || bytes[after] == dialect.delimiter || bytes[after] == UInt8(ascii: "\n")
      || (bytes[after] == UInt8(ascii: "\r") && (after + 1 == bytes.count || bytes[after + 1] == UInt8(ascii: "\n")))
    guard endsField else { throw .textAfterQuote(path: path, line: nextLine) }
    if doubledQuotes == 0 {
      append(text)
      return after
    }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count - doubledQuotes, alignment: 1)
    unescaped.append(copy)
    var read = 0
    for written in 0..<copy.count {
      copy[written] = text[read]
      read += text[read] == quote ? 2 : 1
    }
    append(UnsafeRawBufferPointer(copy))
    return after
  }
}
