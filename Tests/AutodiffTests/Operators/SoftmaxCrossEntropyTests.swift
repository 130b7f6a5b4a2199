import Foundation
import Testing
import TwoTowerAutodiff

@Test(arguments: [Reduction.mean, .sum], [0, 1, 3, 33])
func crossEntropyGradients(reduction: Reduction, rows: Int) {
  var generator = testGenerator(19)
  for classes in [1, 2, 10] {
    let labels = (0..<rows).map { _ in Int32(generator.below(classes)) }
    checkGradients(at: [randomTensor([rows, classes], &generator)]) { _, v in
      softmaxCrossEntropy(logits: v[0], labels: labels, reduction: reduction)
    } reference: { v in
      let losses = (0..<rows).map { r -> Double in
        let row = v[0][(r * classes)..<((r + 1) * classes)]
        return log(row.reduce(0) { $0 + exp($1) }) - row[row.startIndex + Int(labels[r])]
      }
      return [losses.reduce(0, +) / (reduction == .sum || rows == 0 ? 1 : Double(rows))]
    }
  }
}

@Test func crossEntropyOfExtremeLogitsStaysFinite() {
  let tape = Tape(isTraining: true)
  let logits = tape.input(Tensor([2, 2], [1e4, -1e4, 1e4, -1e4]))
  let loss = softmaxCrossEntropy(logits: logits, labels: [0, 1], reduction: .sum)
  #expect(loss.value.item == 2e4)
  tape.backward(from: loss)
  #expect(tape.gradient(of: logits)!.array == [0, 0, 1, -1])
}

@Test func crossEntropyWithALabelOutsideTheClassesTraps() async {
  await #expect(processExitsWith: .failure) {
    _ = softmaxCrossEntropy(logits: Tape().constant(Tensor(zeros: [1, 2])), labels: [2], reduction: .sum)
  }
}
