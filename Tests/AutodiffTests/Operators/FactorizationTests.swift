import Testing
import TwoTowerAutodiff
import TwoTowerKernels

@Test(arguments: [(1, 1, 1, 1), (4, 6, 3, 9), (7, 2, 9, 5), (3, 4, 2, 0), (0, 3, 2, 0), (3, 2, 0, 2)])
func factorizationGradients(rows: Int, columns: Int, width: Int, count: Int) {
  var generator = testGenerator(31)
  let list = (0..<count).map { _ in
    (row: generator.below(rows), column: generator.below(columns), value: Double(generator.uniform()))
  }
  let entries = ObservedEntries(
    rowCount: rows, columnCount: columns, rows: list.map { Int32($0.row) }, columns: list.map { Int32($0.column) },
    values: list.map { Float($0.value) })
  let inputs = [randomTensor([rows, width], &generator), randomTensor([columns, width], &generator)]
  func nested(_ x: [Double], _ rows: Int) -> [[Double]] {
    (0..<rows).map { Array(x[$0 * width..<($0 + 1) * width]) }
  }
  for (regularization, gravity) in [(Float(0), Float(0)), (0.5, 0), (0, 2), (0.25, 0.5)] {
    let penalties = FactorizationPenalties(regularization: regularization, gravity: gravity)
    checkGradients(at: inputs) { _, v in
      factorizationLoss(v[0], v[1], entries: entries, penalties: penalties)
    } reference: { x in
      [
        referenceFactorizationLoss(
          rows: nested(x[0], rows), columns: nested(x[1], columns), entries: list,
          regularization: Double(regularization), gravity: Double(gravity)).loss
      ]
    }
  }
}

@Test func theReferenceOfFactorizationHasTheGradientOfItsLoss() {
  let entries = [(row: 0, column: 1, value: 1.0), (row: 1, column: 0, value: 0.5), (row: 1, column: 1, value: 0)]
  let (u, v) = ([[0.3, -0.2], [0.5, 0.1]], [[0.7, 0.4], [-0.6, 0.9]])
  func loss(_ u: [[Double]], _ v: [[Double]]) -> Double {
    referenceFactorizationLoss(rows: u, columns: v, entries: entries, regularization: 0.3, gravity: 0.7).loss
  }
  let exact = referenceFactorizationLoss(rows: u, columns: v, entries: entries, regularization: 0.3, gravity: 0.7)
  let h = 1e-6
  for i in 0..<2 {
    for d in 0..<2 {
      var (above, below) = (u, u)
      above[i][d] += h
      below[i][d] -= h
      #expect(abs((loss(above, v) - loss(below, v)) / (2 * h) - exact.rowGradient[i][d]) < 1e-7)
      (above, below) = (v, v)
      above[i][d] += h
      below[i][d] -= h
      #expect(abs((loss(u, above) - loss(u, below)) / (2 * h) - exact.columnGradient[i][d]) < 1e-7)
    }
  }
}

@Test func penaltiesAreThoseOfTheFormula() {
  let (u, v) = (Tensor([2, 1], [1, 2]), Tensor([3, 1], [1, 0, 3]))
  let penalties = FactorizationPenalties(regularization: 0.5, gravity: 6)
  #expect(penalties.regularizationLoss(rows: u, columns: v) == 0.5 * (5.0 / 2 + 10.0 / 3))
  #expect(penalties.gravityLoss(rows: u, columns: v) == 5 * 10)  // 6 / (2 · 3) · Σ (uᵢ vⱼ)²
}
