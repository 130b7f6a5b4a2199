import Testing
import TwoTowerAutodiff

@Test func squaredErrorGradients() {
  var generator = testGenerator(20)
  for shape in [[0], [1], [9], [4, 1], [3, 20], [2, 0]] as [Shape] {
    let labels = randomTensor(shape, &generator)
    let width = shape[0] == 0 ? 0 : shape.count / shape[0]
    for weights in [nil, (0..<shape[0]).map { _ in generator.uniform() }] {
      checkGradients(at: [randomTensor(shape, &generator)]) { _, v in
        meanSquaredError(predictions: v[0], labels: labels, rowWeights: weights)
      } reference: { v in
        let w = weights?.map(Double.init) ?? Array(repeating: 1, count: shape[0])
        let divisor = w.reduce(0, +) * Double(width)
        let total = v[0].indices.reduce(0.0) { sum, i in
          let difference = v[0][i] - Double(labels.array[i])
          return sum + w[i / width] * difference * difference
        }
        return [divisor == 0 ? 0 : total / divisor]
      }
    }
  }
}

@Test func aRowOfWeightZeroHasNoGradient() {
  let tape = Tape(isTraining: true)
  let x = tape.input(Tensor([2], [5, 3]))
  tape.backward(from: meanSquaredError(predictions: x, labels: Tensor([2], [0, 1]), rowWeights: [0, 2]))
  #expect(tape.gradient(of: x)!.array == [0, 4])
}

@Test func squaredErrorOfUnequalShapesTraps() async {
  await #expect(processExitsWith: .failure) {
    _ = meanSquaredError(predictions: Tape().constant(Tensor(zeros: [2, 1])), labels: Tensor(zeros: [2]))
  }
}
