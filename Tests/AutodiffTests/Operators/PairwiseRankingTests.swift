import Foundation
import Testing
import TwoTowerAutodiff

@Test(arguments: [(0, 3, 2), (1, 1, 1), (3, 9, 1), (4, 20, 3)])
func pairwiseRankingGradients(rows: Int, width: Int, negatives: Int) {
  var generator = testGenerator(32)
  let inputs = [rows, rows, rows * negatives].map { randomTensor([$0, width], &generator) }
  for reduction in [Reduction.mean, .sum] {
    for scale in [Float(1), 2.5] {
      checkGradients(at: inputs) { _, v in
        pairwiseRankingLoss(queries: v[0], positives: v[1], negatives: v[2], scale: scale, reduction: reduction)
      } reference: { x in
        var total = 0.0
        for k in 0..<rows * negatives {
          let r = k / negatives
          let margin = (0..<width).reduce(0.0) {
            $0 + x[0][r * width + $1] * (x[1][r * width + $1] - x[2][k * width + $1])
          }
          total += log(1 + exp(-Double(scale) * margin))
        }
        return [reduction == .sum ? total : total / Double(max(1, rows * negatives))]
      }
    }
  }
}

@Test func aPositiveAgainstItselfTeachesTheQueryNothing() {
  let tape = Tape(isTraining: true)
  let (q, p, n) = (tape.input(Tensor([1, 2], [1, 2])), tape.input(Tensor([1, 2], [3, 4])), tape.input(Tensor([1, 2], [3, 4])))
  tape.backward(from: pairwiseRankingLoss(queries: q, positives: p, negatives: n))
  #expect(tape.gradient(of: q)!.array == [0, 0])
  #expect(zip(tape.gradient(of: p)!.array, tape.gradient(of: n)!.array).allSatisfy { $0 == -$1 })
}
