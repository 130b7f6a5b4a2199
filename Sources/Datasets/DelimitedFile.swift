import TwoTowerFiles

/// How fields are told apart.
struct Dialect {
  var delimiter: UInt8
  /// Whether a field may stand in double quotes (RFC 4180).
  ///
  /// Off: a quote is a character like any other.
  var allowsQuotes: Bool

  static let bars = Dialect(delimiter: UInt8(ascii: "|"), allowsQuotes: false)
  static let tabs = Dialect(delimiter: UInt8(ascii: "\t"), allowsQuotes: false)

  /// By the file's extension: `.csv` allows quotes and prefers commas, `.tsv`, `.tab` and `.dat` have tabs.
  ///
  /// Otherwise, and for a `.csv` without a comma in its header, the most frequent of tab, comma and semicolon in
  /// `header`.
  static func sniff(path: String, header: UnsafeRawBufferPointer) -> Dialect {
    let name = path.lowercased()
    if [".tsv", ".tab", ".dat"].contains(where: { name.hasSuffix($0) }) { return .tabs }
    let isCSV = name.hasSuffix(".csv")
    let candidates = [UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";")]
    if isCSV && header.contains(UInt8(ascii: ",")) { return Dialect(delimiter: UInt8(ascii: ","), allowsQuotes: true) }
    var best = (delimiter: isCSV ? UInt8(ascii: ",") : UInt8(ascii: "\t"), count: 0)
    for candidate in candidates {
      let count = header.count { $0 == candidate }
      if count > best.count { best = (candidate, count) }
    }
    return Dialect(delimiter: best.delimiter, allowsQuotes: isCSV)
  }
}

/// A mapped text file whose columns a header line, or else the format, names.
///
/// A byte order mark, CRLF line ends, blank lines and a missing last line end are accepted.
struct DelimitedFile {
  let file: MappedFile
  let dialect: Dialect
  let encoding: TextEncoding
  let columns: [String]
  let hasHeader: Bool
  /// The first byte after the header, if any, and the line it is on.
  let body: (offset: Int, line: Int)

  var path: String { file.path }

  /// - Parameter latin1Allowed: bytes that are not UTF-8 mean ISO-8859-1 for the whole file; otherwise an error.
  init(_ file: MappedFile, dialect: Dialect? = nil, latin1Allowed: Bool = false) throws(DatasetError) {
    self.file = file
    hasHeader = true
    let bytes = file.bytes
    let start = Self.start(of: bytes)
    encoding = try Self.encoding(of: file, latin1Allowed: latin1Allowed)
    let firstLineEnd = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    self.dialect =
      dialect ?? Dialect.sniff(path: file.path, header: UnsafeRawBufferPointer(rebasing: bytes[start..<firstLineEnd]))

    var rows = RowReader(file, dialect: self.dialect, offset: start, line: 1, columnCount: nil)
    guard try rows.next() else { throw .emptyFile(path: file.path) }
    columns = (0..<rows.fieldCount).map { [encoding] in encoding.decode(rows[$0]) }
    body = (rows.offset, rows.nextLine)
    for (position, column) in columns.enumerated() where columns[..<position].contains(column) && !column.isEmpty {
      throw .repeatedColumn(path: file.path, column: column)
    }
  }

  /// A file without a header: every row has one field for each of `columns`.
  init(
    _ file: MappedFile, dialect: Dialect, columns: [String], latin1Allowed: Bool = false
  ) throws(DatasetError) {
    self.file = file
    self.dialect = dialect
    self.columns = columns
    hasHeader = false
    encoding = try Self.encoding(of: file, latin1Allowed: latin1Allowed)
    body = (Self.start(of: file.bytes), 1)
    var rows = rows()
    guard try rows.next() else { throw .emptyFile(path: file.path) }
  }

  /// The first byte after a byte order mark.
  private static func start(of bytes: UnsafeRawBufferPointer) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  private static func encoding(of file: MappedFile, latin1Allowed: Bool) throws(DatasetError) -> TextEncoding {
    guard let invalid = firstInvalidUTF8(file.bytes) else { return .utf8 }
    if latin1Allowed { return .latin1 }
    let line = file.bytes[..<invalid].count { $0 == UInt8(ascii: "\n") } + 1
    throw .invalidUTF8(path: file.path, line: line)
  }

  /// The position of the column that the header calls `name`.
  func column(_ name: String) throws(DatasetError) -> Int {
    if let position = columns.firstIndex(of: name) { return position }
    throw .missingColumn(
      path: path, column: name, found: columns, nearest: nearestNames(to: name, in: columns, limit: 1).first)
  }

  /// The rows after the header, from the first.
  func rows() -> RowReader {
    RowReader(
      file, dialect: dialect, offset: body.offset, line: body.line, columnCount: columns.count,
      columnNames: hasHeader ? nil : columns)
  }

  /// The lines on which the given rows (from 0) start: another pass over the file, for error messages.
  func lines(ofRows wanted: [Int]) throws(DatasetError) -> [Int] {
    var lines = [Int](repeating: 0, count: wanted.count)
    var rows = rows()
    var row = 0
    while try rows.next() {
      for (position, want) in wanted.enumerated() where want == row { lines[position] = rows.line }
      row += 1
    }
    return lines
  }

  /// Numbers the identifier in `column` of a file whose every row must have a new one.
  func insertNew(
    _ column: Int, of rows: borrowing RowReader, name: String, into table: inout IdentifierTable
  ) throws(DatasetError) {
    let bytes = try rows.identifier(column, name: name)
    if encoding == .latin1 && firstInvalidUTF8(bytes) != nil {
      throw rows.badField(column, name: name, expected: "an identifier in ASCII or UTF-8")
    }
    let index = table.insert(bytes: bytes)
    if Int(index) == rows.rowCount - 1 { return }
    throw .duplicateIdentifier(
      path: path, line: rows.line, firstLine: try lines(ofRows: [Int(index)])[0], column: name,
      identifier: table[index])
  }

  /// An estimate of the number of rows from the length of the first few, to reserve memory by.
  ///
  /// Four bytes a row at least, so that a file of blank lines reserves no more than other files of its size.
  var estimatedRowCount: Int {
    let sample = file.bytes[body.offset...].prefix(4096)
    let lineEnds = sample.count { $0 == UInt8(ascii: "\n") }
    guard lineEnds > 0 else { return 1 }
    return (file.bytes.count - body.offset) / max(sample.count / lineEnds, 4) + 1
  }
}
