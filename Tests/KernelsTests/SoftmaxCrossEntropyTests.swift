import Foundation
import Testing
import TwoTowerKernels

@Test(arguments: [0, 1, 300], [1, 2, 40])
func softmaxFollowsItsDefinition(rows: Int, classes: Int) {
  var generator = SeededGenerator(seed: 11, purpose: .sample)
  let logits = generator.normals(rows * classes)
  let labels = generator.indices(rows, below: classes)
  let probabilities = FloatBuffer(zeros: rows * classes)
  var span = probabilities.mutableSpan
  let loss = softmaxCrossEntropy(logits.span, labels: labels.span, classes: classes, probabilities: &span)
  var expectedLoss = 0.0
  var expected: [Float] = []
  for r in 0..<rows {
    let row = logits[(r * classes)..<((r + 1) * classes)].map(Double.init)
    let total = row.reduce(0) { $0 + exp($1) }
    expectedLoss += log(total) - row[Int(labels[r])]
    expected += row.map { Float(exp($0) / total) }
  }
  #expect(abs(loss - expectedLoss) < 1e-5 * (1 + expectedLoss))
  #expect(greatestDifference(probabilities.array, expected) < 1e-6)
}

@Test func notANumberReachesTheLoss() {
  let probabilities = FloatBuffer(zeros: 2)
  var span = probabilities.mutableSpan
  #expect(softmaxCrossEntropy([Float.nan, 1].span, labels: [Int32(1)].span, classes: 2, probabilities: &span).isNaN)
}
