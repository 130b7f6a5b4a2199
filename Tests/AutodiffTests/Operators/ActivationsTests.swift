import Foundation
import Testing
import TwoTowerAutodiff

private let shapes: [Shape] = [[], [0], [1], [9], [3, 20], [2, 3, 4]]

@Test func reluGradients() {
  var generator = testGenerator(13)
  for shape in shapes {
    checkGradients(at: [randomTensor(shape, &generator, gap: 0.1)]) { _, v in relu(v[0]) } reference: { v in
      v[0].map { max($0, 0) }
    }
  }
}

@Test func reluPassesNotANumberOnAndHasNoGradientAtZero() {
  let tape = Tape(isTraining: true)
  let x = tape.input(Tensor([3], [.nan, 0, -1]))
  let y = relu(x)
  #expect(y.value.array[0].isNaN)
  tape.backward(from: y, gradient: Tensor([3], [1, 1, 1]))
  #expect(Array(tape.gradient(of: x)!.array[1...]) == [0, 0])
}

@Test func sigmoidGradients() {
  var generator = testGenerator(14)
  for shape in shapes {
    checkGradients(at: [randomTensor(shape, &generator)]) { _, v in sigmoid(v[0]) } reference: { v in
      v[0].map { 1 / (1 + exp(-$0)) }
    }
  }
}

@Test func sigmoidStaysFinite() {
  #expect(sigmoid(Tape().constant(Tensor([2], [-1000, 1000]))).value.array == [0, 1])
}

@Test func tanhGradients() {
  var generator = testGenerator(15)
  for shape in shapes {
    checkGradients(at: [randomTensor(shape, &generator)]) { _, v in tanh(v[0]) } reference: { v in
      v[0].map { Foundation.tanh($0) }
    }
  }
}
