import Testing
import TwoTowerKernels

/// Observed entries of a random matrix; some rows and columns stay empty.
private func randomEntries(
  _ rows: Int, _ columns: Int, _ count: Int, _ generator: inout SeededGenerator
) -> [(row: Int, column: Int, value: Double)] {
  guard rows > 0 && columns > 0 else { return [] }
  return (0..<count).map { _ in
    (generator.below(rows), generator.below(columns), Double(2 * generator.uniform() - 1))
  }
}

private func observed(_ rows: Int, _ columns: Int, _ list: [(row: Int, column: Int, value: Double)]) -> ObservedEntries {
  ObservedEntries(
    rowCount: rows, columnCount: columns, rows: list.map { Int32($0.row) }, columns: list.map { Int32($0.column) },
    values: list.map { Float($0.value) })
}

private func nested(_ x: [Float], rows: Int, width: Int) -> [[Double]] {
  (0..<rows).map { r in (0..<width).map { Double(x[r * width + $0]) } }
}

@Test(arguments: [(0, 3, 4), (3, 0, 4), (1, 1, 1), (5, 7, 0), (9, 4, 3), (70, 300, 35), (130, 20, 17)])
func factorizationFollowsItsReference(rows: Int, columns: Int, width: Int) {
  var generator = SeededGenerator(seed: 11, purpose: .sample)
  for count in [0, 1, 3 * rows] {
    let list = randomEntries(rows, columns, count, &generator)
    let (u, v) = (generator.normals(rows * width), generator.normals(columns * width))
    let reference = referenceFactorizationLoss(
      rows: nested(u, rows: rows, width: width), columns: nested(v, rows: columns, width: width), entries: list,
      regularization: 0, gravity: 0)
    let entries = observed(rows, columns, list)
    let errors = FloatBuffer(zeros: list.count)
    var errorSpan = errors.mutableSpan
    let squares = factorizationErrors(entries, rows: u.span, columns: v.span, width: width, into: &errorSpan)
    let n = Float(max(1, list.count))
    #expect(abs(squares / Double(n) - reference.loss) < 1e-4 * (1 + reference.loss))

    // Gradients are added to what is there.
    let (du, dv) = (FloatBuffer(Array(repeating: 1, count: u.count)), FloatBuffer(Array(repeating: 1, count: v.count)))
    var duSpan = du.mutableSpan
    var dvSpan = dv.mutableSpan
    addFactorizationRowGradient(
      entries, errors: errors.span, columns: v.span, width: width, scale: 2 / n, into: &duSpan)
    addFactorizationColumnGradient(
      entries, errors: errors.span, rows: u.span, width: width, scale: 2 / n, into: &dvSpan)
    let tolerance: Float = 2e-5
    #expect(greatestDifference(du.array, reference.rowGradient.flatMap { $0 }.map { Float($0 + 1) }) < tolerance)
    #expect(greatestDifference(dv.array, reference.columnGradient.flatMap { $0 }.map { Float($0 + 1) }) < tolerance)
  }
}

@Test func entriesThatRepeatCountEachTime() {
  let entries = ObservedEntries(rowCount: 2, columnCount: 2, rows: [1, 1], columns: [0, 0], values: [3, 1])
  let errors = FloatBuffer(zeros: 2)
  var span = errors.mutableSpan
  let (u, v): ([Float], [Float]) = ([0, 2], [1, 0])
  #expect(factorizationErrors(entries, rows: u.span, columns: v.span, width: 1, into: &span) == 2)
  #expect(errors.array == [-1, 1])
}

@Test func anEntryOutsideTheMatrixTraps() async {
  await #expect(processExitsWith: .failure) {
    _ = ObservedEntries(rowCount: 2, columnCount: 2, rows: [0], columns: [2], values: [1])
  }
  await #expect(processExitsWith: .failure) {
    _ = ObservedEntries(rowCount: 2, columnCount: 2, rows: [-1], columns: [0], values: [1])
  }
}

@Test func factorizationHasTheSameBitsOnAnyNumberOfThreads() {
  var generator = SeededGenerator(seed: 12, purpose: .sample)
  let (rows, columns, width) = (300, 900, 35)
  let entries = observed(rows, columns, randomEntries(rows, columns, 5_000, &generator))
  let (u, v) = (generator.normals(rows * width), generator.normals(columns * width))
  expectSameBitsOnAnyThreadCount {
    let (errors, du, dv) = (
      FloatBuffer(zeros: entries.count), FloatBuffer(zeros: u.count), FloatBuffer(zeros: v.count)
    )
    var errorSpan = errors.mutableSpan
    var duSpan = du.mutableSpan
    var dvSpan = dv.mutableSpan
    let squares = factorizationErrors(entries, rows: u.span, columns: v.span, width: width, into: &errorSpan)
    addFactorizationRowGradient(entries, errors: errors.span, columns: v.span, width: width, scale: 0.1, into: &duSpan)
    addFactorizationColumnGradient(entries, errors: errors.span, rows: u.span, width: width, scale: 0.1, into: &dvSpan)
    return [Float(squares)] + errors.array + du.array + dv.array
  }
}

@Test(arguments: [(0, 3), (3, 0), (1, 1), (5, 35), (2_500, 7)])
func theGramMatrixHoldsTheColumnsInnerProducts(rows: Int, width: Int) {
  var generator = SeededGenerator(seed: 13, purpose: .sample)
  let x = generator.normals(rows * width)
  let expected = (0..<width * width).map { cell in
    Float((0..<rows).reduce(0.0) { $0 + Double(x[$1 * width + cell / width]) * Double(x[$1 * width + cell % width]) })
  }
  #expect(greatestDifference(gramMatrix(x.span, width: width).array, expected) < 1e-4)
  expectSameBitsOnAnyThreadCount { gramMatrix(x.span, width: width).array }
}
