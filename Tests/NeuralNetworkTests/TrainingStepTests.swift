import Foundation
import Testing
import TestSupport
import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerNeuralNetwork

/// A small model of every part, trained for some steps: all of its parameters' values.
private func trainedValues(steps: Int) -> [Float] {
  let users = Embedding(name: "user", vocabularySize: 50, dimension: 48, identifierDropout: 0.2, seed: 1)
  let tags = EmbeddingBag(name: "tag", vocabularySize: 40, dimension: 48, seed: 1)
  let tower = MLP(name: "tower", inputSize: 96, layers: [80, 48], dropout: 0.3, seed: 1)
  let parameters = users.parameters + tags.parameters + tower.parameters
  let optimizer = AdamW()
  for step in 0..<steps {
    var generator = SeededGenerator(seed: 1, purpose: .shuffle, step: step)
    let rows = (0..<300).map { _ in Int32(generator.below(50)) }
    let indices = (0..<600).map { _ in Int32(generator.below(40)) }
    let offsets = (0...300).map { Int32($0 * 2) }
    let tape = Tape(isTraining: true, seed: 1, step: step)
    parameters.forEach { $0.clearGradient() }
    let bags = tags(
      offsets: offsets, indices: indices, weights: Array(repeating: 1, count: 600), on: tape)
    let queries = l2NormalizeRows(tower(concatenateColumns([users(rows, on: tape), bags])))
    let problem = RetrievalSoftmax(positiveColumns: (0..<300).map { $0 }, candidateCount: 300, dimension: 48)
    tape.backward(from: retrievalSoftmax(queries: queries, candidates: l2NormalizeRows(bags), problem: problem))
    clipGradients(of: parameters, byGlobalNorm: 0.5)
    optimizer.step(parameters, learningRate: 0.01)
  }
  return parameters.flatMap(\.value.array)
}

@Test func trainingHasTheSameBitsOnAnyNumberOfThreads() {
  let results = onThreadCounts { trainedValues(steps: 5).map(\.bitPattern) }
  #expect(results[0] == results[1])
  #expect(results[0] == results[2])
  #expect(results[0] != trainedValues(steps: 4).map(\.bitPattern))
  #expect(trainedValues(steps: 5).allSatisfy { $0.isFinite })
}
