/// The cells of a tile to mask, grouped by block of columns, so that a block is masked while it is in the cache.
struct MaskedCells {
  static let rowBits = 7
  static let blockColumnBits = 9

  /// A row of the tile and a column, counted from the tile's first, in one number.
  struct Cell {
    private let key: UInt64

    init(row: Int, column: Int) { key = UInt64(truncatingIfNeeded: column << rowBits | row) }

    var row: Int { Int(truncatingIfNeeded: key) & (1 << rowBits - 1) }
    var block: Int { Int(truncatingIfNeeded: key) >> (rowBits + blockColumnBits) }
    var columnInBlock: Int { Int(truncatingIfNeeded: key) >> rowBits & (1 << blockColumnBits - 1) }
  }

  /// Block b's cells are `grouped[starts[b]..<starts[b + 1]]`.
  private var grouped: [Cell] = []
  private var starts: [Int32] = []
  private var unordered: [Cell] = []

  /// Takes up the cells of `rows` among the columns of `panels` (a counting sort by block).
  mutating func collect(_ rows: Range<Int>, in panels: Range<Int>, of maskedColumns: MaskedColumns) {
    let columns = panels.lowerBound * CandidatePanels.width..<panels.upperBound * CandidatePanels.width
    unordered.removeAll(keepingCapacity: true)
    for row in rows {
      maskedColumns.append(row: row, tileRow: row - rows.lowerBound, in: columns, to: &unordered)
    }
    if grouped.count < unordered.count {
      grouped = [Cell](repeating: Cell(row: 0, column: 0), count: unordered.count * 5 / 4)
    }
    starts = unordered.withUnsafeBufferPointer { unordered in
      grouped.withUnsafeMutableBufferPointer { grouped in
        countingSort(count: unordered.count, groupCount: columns.count >> Self.blockColumnBits + 1) {
          unordered[$0].block
        } place: {
          grouped[$1] = unordered[$0]
        }
      }
    }
  }

  /// Calls `body` for each cell of a block, columns counted from the block's first.
  @inline(__always)
  func forEach(inBlock block: Int, _ body: (_ row: Int, _ column: Int) -> Void) {
    grouped.withUnsafeBufferPointer { grouped in
      for i in Int(starts[block])..<Int(starts[block + 1]) { body(grouped[i].row, grouped[i].columnInBlock) }
    }
  }
}
