import Autodiff
import Kernels
import NeuralNetwork
import Testing

@Test(arguments: [Reduction.mean, .sum])
func retrievalSoftmaxEqualsCrossEntropyOfAllLogits(reduction: Reduction) {
  var generator = testGenerator(4)
  let (queryCount, candidateCount, dimension) = (30, 50, 8)
  let queries = Tensor([queryCount, dimension], randomValues(queryCount * dimension, &generator))
  let candidates = Tensor([candidateCount, dimension], randomValues(candidateCount * dimension, &generator))
  let corrections = randomValues(candidateCount, &generator)
  let positives = (0..<queryCount).map { _ in Int32(generator.below(candidateCount)) }
  func run(_ loss: (Variable, Variable) -> Variable) -> [Float] {
    let tape = Tape(isTraining: true)
    let (q, c) = (tape.input(queries), tape.input(candidates))
    let value = loss(q, c)
    tape.backward(from: value)
    return [value.value.item] + tape.gradient(of: q)!.array + tape.gradient(of: c)!.array
  }
  var problem = RetrievalSoftmax(positiveColumns: positives, candidateCount: candidateCount, dimension: dimension)
  problem.scale = 4
  problem.corrections = corrections
  let tiled = run { q, c in retrievalSoftmax(queries: q, candidates: c, problem: problem, reduction: reduction) }
  let whole = run { q, c in
    let logits = 4 * matrixMultiply(q, c, transposeY: true) + q.tape.constant(Tensor([candidateCount], corrections))
    return softmaxCrossEntropy(logits: logits, labels: positives, reduction: reduction)
  }
  #expect(zip(tiled, whole).allSatisfy { abs($0 - $1) < 1e-4 * (1 + abs($1)) })
}
