import Foundation
import Testing
import TwoTowerAutodiff
import TwoTowerKernels

/// The loss by its definition, in Float64. `isMasked` says which columns a row does not see.
private func reference(
  _ queries: [Double], _ candidates: [Double], _ problem: RetrievalSoftmax, isMasked: (Int, Int) -> Bool
) -> Double {
  let d = problem.dimension
  return (0..<problem.queryCount).reduce(0.0) { total, row in
    var positive = 0.0
    var sum = 0.0
    for column in 0..<problem.candidateCount where !isMasked(row, column) {
      var logit = problem.corrections.isEmpty ? 0 : Double(problem.corrections[column])
      for k in 0..<d { logit += Double(problem.scale) * queries[row * d + k] * candidates[column * d + k] }
      sum += exp(logit)
      if column == Int(problem.positiveColumns[row]) { positive = logit }
    }
    let weight = problem.rowWeights.isEmpty ? 1 : Double(problem.rowWeights[row])
    return total + weight * (log(sum) - positive)
  }
}

@Test(arguments: [Reduction.mean, .sum], [0, 1, 5, 40])
func retrievalSoftmaxGradients(reduction: Reduction, queryCount: Int) {
  var generator = testGenerator(22)
  for (candidateCount, dimension) in [(1, 1), (7, 3), (40, 9)] {
    var problem = RetrievalSoftmax(
      positiveColumns: (0..<queryCount).map { _ in Int32(generator.below(candidateCount)) },
      candidateCount: candidateCount, dimension: dimension)
    problem.scale = 2.5
    problem.corrections = (0..<candidateCount).map { _ in generator.uniform() }
    problem.rowWeights = (0..<queryCount).map { _ in generator.uniform() }
    problem.candidateIdentifiers = (0..<candidateCount).map { _ in Int32(generator.below(5)) }
    problem.masksAccidentalHits = true
    problem.history = RetrievalSoftmax.History(
      identifiers: IndexLists(offsets: [0, 2], indices: [1, 3]), listOfQuery: Array(repeating: 0, count: queryCount))
    let fixed = problem
    let queries = randomTensor([queryCount, dimension], &generator)
    let candidates = randomTensor([candidateCount, dimension], &generator)
    checkGradients(at: [queries, candidates]) { _, v in
      retrievalSoftmax(queries: v[0], candidates: v[1], problem: fixed, reduction: reduction)
    } reference: { v in
      let loss = reference(v[0], v[1], fixed) { row, column in
        let positive = Int(fixed.positiveColumns[row])
        let identifier = fixed.candidateIdentifiers[column]
        return column != positive && (identifier == fixed.candidateIdentifiers[positive] || [1, 3].contains(identifier))
      }
      return [reduction == .sum || queryCount == 0 ? loss : loss / Double(queryCount)]
    }
  }
}

@Test(arguments: [Reduction.mean, .sum], [0, 1, 12])
func linearTermsAddToLossAndGradients(reduction: Reduction, termCount: Int) {
  var generator = testGenerator(23)
  let (queryCount, candidateCount, dimension) = (4, 7, 9)
  var problem = RetrievalSoftmax(positiveColumns: [3, 0, 0, 6], candidateCount: candidateCount, dimension: dimension)
  problem.scale = 1.5
  let terms = LinearLogitTerms(
    rows: (0..<termCount).map { _ in Int32(generator.below(queryCount)) },
    columns: (0..<termCount).map { _ in Int32(generator.below(candidateCount)) },
    weights: (0..<termCount).map { _ in generator.uniform() - 0.5 }, constant: 0.75)
  let fixed = problem
  let (queries, candidates) = (
    randomTensor([queryCount, dimension], &generator), randomTensor([candidateCount, dimension], &generator)
  )
  checkGradients(at: [queries, candidates]) { _, v in
    retrievalSoftmax(queries: v[0], candidates: v[1], problem: fixed, adding: terms, reduction: reduction)
  } reference: { v in
    var loss = reference(v[0], v[1], fixed) { _, _ in false } + terms.constant
    for term in 0..<termCount {
      let (row, column) = (Int(terms.rows[term]) * dimension, Int(terms.columns[term]) * dimension)
      let product = (0..<dimension).reduce(0.0) { $0 + v[0][row + $1] * v[1][column + $1] }
      loss += Double(terms.weights[term]) * Double(fixed.scale) * product
    }
    return [reduction == .sum ? loss : loss / Double(queryCount)]
  }
}

@Test func aMaskedCandidateGetsNoGradientAtAll() {
  // Column 2 repeats the positive's identifier; without the mask it would receive a gradient.
  func gradientOfColumn2(masked: Bool) -> [Float] {
    var problem = RetrievalSoftmax(positiveColumns: [0, 0], candidateCount: 3, dimension: 2)
    problem.candidateIdentifiers = [7, 8, 7]
    problem.masksAccidentalHits = masked
    let tape = Tape(isTraining: true)
    let queries = tape.input(Tensor([2, 2], [1, 2, -1, 3]))
    let candidates = tape.input(Tensor([3, 2], [0.5, 1, 2, -1, 1, 1]))
    tape.backward(from: retrievalSoftmax(queries: queries, candidates: candidates, problem: problem, reduction: .mean))
    return Array(tape.gradient(of: candidates)!.array[4...])
  }
  #expect(gradientOfColumn2(masked: true) == [0, 0])
  #expect(gradientOfColumn2(masked: false).allSatisfy { $0 != 0 })
}

@Test func theOutputGradientScalesAndConstantsGetNone() {
  let problem = RetrievalSoftmax(positiveColumns: [0, 1], candidateCount: 2, dimension: 1)
  func gradient(scale: Float) -> [Float] {
    let tape = Tape(isTraining: true)
    let queries = tape.input(Tensor([2, 1], [1, 2]))
    let candidates = tape.constant(Tensor([2, 1], [0.5, -1]))
    let loss = retrievalSoftmax(queries: queries, candidates: candidates, problem: problem, reduction: .sum)
    tape.backward(from: scale * loss)
    #expect(tape.gradient(of: candidates) == nil)
    return tape.gradient(of: queries)!.array
  }
  #expect(gradient(scale: 4) == gradient(scale: 1).map { 4 * $0 })
}

@Test func retrievalSoftmaxOfOtherShapesTraps() async {
  await #expect(processExitsWith: .failure) {
    let tape = Tape()
    let problem = RetrievalSoftmax(positiveColumns: [0], candidateCount: 2, dimension: 3)
    _ = retrievalSoftmax(
      queries: tape.constant(Tensor(zeros: [1, 2])), candidates: tape.constant(Tensor(zeros: [2, 2])),
      problem: problem, reduction: .sum)
  }
}

@Test(arguments: [Reduction.mean, .sum])
func retrievalSoftmaxEqualsCrossEntropyOfAllLogits(reduction: Reduction) {
  var generator = testGenerator(4)
  let (queryCount, candidateCount, dimension) = (30, 50, 8)
  let queries = randomTensor([queryCount, dimension], &generator)
  let candidates = randomTensor([candidateCount, dimension], &generator)
  let corrections = randomTensor([candidateCount], &generator)
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
  problem.corrections = corrections.array
  let tiled = run { q, c in retrievalSoftmax(queries: q, candidates: c, problem: problem, reduction: reduction) }
  let whole = run { q, c in
    let logits = 4 * matrixMultiply(q, c, transposeY: true) + q.tape.constant(corrections)
    return softmaxCrossEntropy(logits: logits, labels: positives, reduction: reduction)
  }
  #expect(zip(tiled, whole).allSatisfy { abs($0 - $1) < 1e-4 * (1 + abs($1)) })
}
