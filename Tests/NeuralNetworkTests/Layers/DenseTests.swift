import Testing
import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerNeuralNetwork

@Test func denseMultipliesAddsAndActivates() {
  let dense = Dense(name: "d", inputSize: 2, outputSize: 2, activation: .relu, seed: 1)
  set(dense.weight, [1, -1, 2, 3])
  set(dense.bias!, [0.5, -4])
  #expect(dense(Tape().constant(Tensor([2, 2], [1, 1, -1, 0]))).value.array == [3.5, 0, 0, 0])
  #expect(dense.parameters.map(\.name) == ["d/weight", "d/bias"])
  #expect(Dense(name: "d", inputSize: 2, outputSize: 2, hasBias: false, seed: 1).parameters.count == 1)
}

private func set(_ parameter: Parameter, _ values: [Float]) {
  parameter.value.buffer.copyFirst(values.count, from: FloatBuffer(values))
}
