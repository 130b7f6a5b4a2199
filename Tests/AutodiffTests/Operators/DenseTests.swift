import Foundation
import Testing
import TwoTowerAutodiff

@Test(arguments: Activation.allCases, [true, false])
func denseGradients(activation: Activation, hasBias: Bool) {
  var generator = testGenerator(23)
  for (m, k, n) in [(0, 3, 2), (1, 1, 1), (5, 0, 3), (7, 4, 20), (4, 3, 0)] {
    // Sums stay away from 0, where relu has its kink: its weights are far smaller than its biases.
    let weight = Tensor([k, n], randomTensor([k, n], &generator).array.map { 0.1 * $0 })
    var inputs = [randomTensor([m, k], &generator), weight]
    if hasBias { inputs.append(randomTensor([n], &generator, gap: 0.6)) }
    if !hasBias && activation == .relu { inputs[1] = randomTensor([k, n], &generator) }
    checkGradients(at: inputs) { _, v in
      dense(v[0], weight: v[1], bias: hasBias ? v[2] : nil, activation: activation)
    } reference: { v in
      (0..<(m * n)).map { i -> Double in
        let (row, column) = (i / n, i % n)
        var sum = hasBias ? v[2][column] : 0
        for j in 0..<k { sum += v[0][row * k + j] * v[1][j * n + column] }
        switch activation {
        case .identity: return sum
        case .relu: return max(sum, 0)
        case .sigmoid: return 1 / (1 + exp(-sum))
        case .tanh: return Foundation.tanh(sum)
        }
      }
    }
  }
}

@Test func denseWithABiasOfAnotherSizeTraps() async {
  await #expect(processExitsWith: .failure) {
    let tape = Tape()
    _ = dense(
      tape.constant(Tensor(zeros: [2, 3])), weight: tape.constant(Tensor(zeros: [3, 4])),
      bias: tape.constant(Tensor(zeros: [3])), activation: .relu)
  }
}
