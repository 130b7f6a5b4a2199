import Testing
import TwoTowerAutodiff
import TwoTowerNeuralNetwork

@Test func layersFollowOneAnother() {
  let network = MLP(name: "head", inputSize: 3, layers: [5, 2, 1], lastActivation: .identity, seed: 1)
  #expect(network.parameters.map(\.value.shape) == [[3, 5], [5], [5, 2], [2], [2, 1], [1]])
  #expect(network.layers.map(\.activation) == [.relu, .relu, .identity])
  #expect(network(Tape().constant(Tensor(zeros: [4, 3]))).shape == [4, 1])
  #expect(network.outputSize == 1)
}

@Test func noLayersLeaveTheInputAsItIs() {
  let network = MLP(name: "none", inputSize: 3, layers: [], seed: 1)
  let x = Tape().constant(Tensor([1, 3], [1, 2, 3]))
  #expect(network(x).value.array == [1, 2, 3])
  #expect(network.outputSize == 3)
}

@Test func aNetworkLearnsExclusiveOr() {
  // No linear model can: its error stays at 0.25.
  let network = MLP(name: "xor", inputSize: 2, layers: [16, 1], lastActivation: .identity, seed: 3)
  let optimizer = Adam()
  let inputs = Tensor([4, 2], [0, 0, 0, 1, 1, 0, 1, 1])
  let labels = Tensor([4, 1], [0, 1, 1, 0])
  var loss: Float = .infinity
  for step in 0..<500 {
    network.parameters.forEach { $0.clearGradient() }
    let tape = Tape(isTraining: true, seed: 1, step: step)
    let error = meanSquaredError(predictions: network(tape.constant(inputs)), labels: labels)
    loss = error.value.item
    tape.backward(from: error)
    optimizer.step(network.parameters, learningRate: 0.02)
  }
  #expect(loss < 1e-3)
}

@Test func dropoutIsAppliedBetweenLayersInTraining() {
  let network = MLP(name: "wide", inputSize: 1, layers: [200, 200], activation: .identity, dropout: 0.5, seed: 1)
  func outputs(isTraining: Bool, step: Int) -> [Float] {
    let tape = Tape(isTraining: isTraining, seed: 1, step: step)
    defer { tape.discard() }
    return network(tape.constant(Tensor([1, 1], [1]))).value.array
  }
  #expect(outputs(isTraining: false, step: 0) == outputs(isTraining: false, step: 1))
  #expect(outputs(isTraining: true, step: 0) != outputs(isTraining: true, step: 1))
  #expect(outputs(isTraining: true, step: 0).filter { $0 == 0 }.count < 10)  // none after the last layer
}
