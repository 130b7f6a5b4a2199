import Testing
import TwoTowerKernels

@Suite struct RetrievalSoftmaxTests {
  /// A random problem with its inputs.
  private struct Sample {
    var problem: RetrievalSoftmax
    var queries: FloatBuffer
    var candidates: FloatBuffer

    init(
      _ generator: inout SeededGenerator, queryCount: Int, candidateCount: Int, dimension: Int, masks: Bool = false,
      history: Bool = false, corrections: Bool = false, weights: Bool = false,
      normalizes: Bool = false
    ) {
      problem = RetrievalSoftmax(
        positiveColumns: generator.indices(queryCount, below: candidateCount), candidateCount: candidateCount,
        dimension: dimension)
      problem.scale = 1.5
      problem.normalizesCandidates = normalizes
      let identifierCount = max(1, candidateCount / 2)
      if masks || history {
        problem.candidateIdentifiers = generator.indices(candidateCount, below: identifierCount)
        for column in 0..<candidateCount where generator.below(8) == 0 { problem.candidateIdentifiers[column] = -1 }
      }
      problem.masksAccidentalHits = masks
      if history {
        let lengths = (0..<5).map { _ in generator.below(4) }
        problem.history = .init(
          identifiers: IndexLists(
            offsets: lengths.reduce(into: [0]) { $0.append($0.last! + Int32($1)) },
            indices: generator.indices(lengths.reduce(0, +), below: identifierCount + 3)),
          listOfQuery: generator.indices(queryCount, below: 5))
      }
      if corrections { problem.corrections = generator.normals(candidateCount) }
      if weights { problem.rowWeights = (0..<queryCount).map { _ in Float(generator.below(3)) } }
      queries = FloatBuffer(generator.normals(queryCount * dimension))
      let values = generator.normals(candidateCount * dimension)
      // The gradient of a direction grows as the norm shrinks: away from 0, tolerances hold for all.
      candidates = FloatBuffer(normalizes ? values.map { $0 + ($0 < 0 ? -0.5 : 0.5) } : values)
    }

    /// The loss followed by both gradients, which start at 1.
    func evaluate(on variant: VectorMath = .best) -> (loss: Double, query: [Float], candidate: [Float]) {
      let queryGradients = FloatBuffer([Float](repeating: 1, count: queries.count))
      let candidateGradients = FloatBuffer([Float](repeating: 1, count: candidates.count))
      let loss = problem.loss(
        queries: queries, candidates: candidates, queryGradients: queryGradients,
        candidateGradients: candidateGradients, gradientScale: 0.5, on: variant)
      return (loss, queryGradients.array, candidateGradients.array)
    }

    func expectAgreementWithReference(on variant: VectorMath, _ what: String) {
      let queryGradients = FloatBuffer([Float](repeating: 1, count: queries.count))
      let candidateGradients = FloatBuffer([Float](repeating: 1, count: candidates.count))
      let expected = problem.lossReference(
        queries: queries, candidates: candidates, queryGradients: queryGradients,
        candidateGradients: candidateGradients, gradientScale: 0.5)
      let result = evaluate(on: variant)
      let note: Comment = "\(what) on \(variant.name)"
      #expect(abs(result.loss - expected) <= 2e-6 * (1 + abs(expected)), note)
      #expect(greatestDifference(result.query, queryGradients.array) < 2e-5, note)
      #expect(greatestDifference(result.candidate, candidateGradients.array) < 2e-5, note)
      let lossOnly = problem.loss(queries: queries, candidates: candidates, on: variant)
      #expect(abs(lossOnly - expected) <= 2e-6 * (1 + abs(expected)), note)
    }
  }

  @Test func agreesWithTheReferenceForRandomShapesAndMasks() {
    var generator = SeededGenerator(seed: 1, purpose: .sample)
    for trial in 0..<96 {
      let queryCount = [1, 2, 9, 128, 129, 300][generator.below(6)]
      let candidateCount = [1, 2, 31, 32, 33, 150, 700][generator.below(7)]
      let dimension = [1, 3, 16, 17, 32, 48][generator.below(6)]
      let sample = Sample(
        &generator, queryCount: queryCount, candidateCount: candidateCount, dimension: dimension,
        masks: trial & 1 != 0, history: trial & 2 != 0, corrections: trial & 4 != 0, weights: trial & 8 != 0,
        normalizes: trial & 16 != 0)
      for variant in VectorMath.available {
        sample.expectAgreementWithReference(
          on: variant, "\(queryCount) × \(candidateCount) × \(dimension), trial \(trial)")
      }
    }
  }

  @Test(arguments: [false, true]) func agreesWithTheReferenceBeyondTheKeptColumns(normalizes: Bool) {
    var generator = SeededGenerator(seed: 2, purpose: .sample)
    let sample = Sample(
      &generator, queryCount: 70, candidateCount: 40_001, dimension: 5, masks: true, history: true, corrections: true,
      weights: true, normalizes: normalizes)
    sample.expectAgreementWithReference(on: .best, "many columns")
  }

  @Test(arguments: [(700, 900, 20), (130, 33_000, 4)])
  func hasTheSameBitsOnAnyNumberOfThreads(queryCount: Int, candidateCount: Int, dimension: Int) {
    var generator = SeededGenerator(seed: 3, purpose: .sample)
    let sample = Sample(
      &generator, queryCount: queryCount, candidateCount: candidateCount, dimension: dimension, masks: true,
      history: true, corrections: true)
    expectSameBitsOnAnyThreadCount {
      let result = sample.evaluate()
      return [Float(result.loss), Float(result.loss - Double(Float(result.loss)))] + result.query + result.candidate
    }
  }

  @Test func masksThatLeaveOnlyThePositiveGiveNoLossAndNoGradient() {
    var generator = SeededGenerator(seed: 4, purpose: .sample)
    for byHistory in [false, true] {
      var sample = Sample(&generator, queryCount: 70, candidateCount: 40, dimension: 6)
      sample.problem.candidateIdentifiers = [Int32](repeating: 7, count: 40)
      if byHistory {
        sample.problem.history = .init(
          identifiers: IndexLists(offsets: [0, 0, 1], indices: [7]), listOfQuery: [Int32](repeating: 1, count: 70))
      } else {
        sample.problem.masksAccidentalHits = true
      }
      let result = sample.evaluate()
      #expect(result.loss == 0)
      #expect(result.query.allSatisfy { $0 == 1 } && result.candidate.allSatisfy { $0 == 1 })
    }
  }

  @Test(arguments: [false, true]) func gradientsMatchFiniteDifferences(normalizes: Bool) {
    var generator = SeededGenerator(seed: 5, purpose: .sample)
    let sample = Sample(
      &generator, queryCount: 5, candidateCount: 7, dimension: 3, masks: true, corrections: true, weights: true,
      normalizes: normalizes)
    let gradients = sample.evaluate()
    let step: Float = 0.01
    func difference(_ buffer: FloatBuffer, _ i: Int) -> Double {
      var span = buffer.mutableSpan
      let saved = span[i]
      span[i] = saved + step
      let above = sample.problem.lossReference(queries: sample.queries, candidates: sample.candidates)
      span[i] = saved - step
      let below = sample.problem.lossReference(queries: sample.queries, candidates: sample.candidates)
      span[i] = saved
      return (above - below) / Double(2 * step)
    }
    for i in 0..<sample.queries.count {
      #expect(abs(Double(gradients.query[i] - 1) / 0.5 - difference(sample.queries, i)) < 2e-3)
    }
    for i in 0..<sample.candidates.count {
      #expect(abs(Double(gradients.candidate[i] - 1) / 0.5 - difference(sample.candidates, i)) < 2e-3)
    }
  }

  @Test(arguments: [40, 33_000]) func survivesPositivesFarBelowTheGreatestLogit(candidateCount: Int) {
    var generator = SeededGenerator(seed: 6, purpose: .sample)
    var sample = Sample(&generator, queryCount: 9, candidateCount: candidateCount, dimension: 4, masks: true)
    sample.problem.corrections = (0..<candidateCount).map { $0 % 3 == 0 ? 300 : -300 }
    for variant in VectorMath.available { sample.expectAgreementWithReference(on: variant, "far apart") }
    sample.problem.corrections = [Float](repeating: -.infinity, count: candidateCount)
    for column in sample.problem.positiveColumns { sample.problem.corrections[Int(column)] = 0 }
    sample.expectAgreementWithReference(on: .best, "excluded columns")
  }

  @Test func keepsTheDigitsOfSmallLosses() {
    var problem = RetrievalSoftmax(positiveColumns: [0], candidateCount: 2, dimension: 1)
    problem.corrections = [0, -40]
    let loss = problem.loss(queries: FloatBuffer([1]), candidates: FloatBuffer([0, 0]))
    #expect(abs(loss / 4.248354255291589e-18 - 1) < 1e-5)
  }

  @Test func neverHidesNumbersThatAreNotFinite() {
    var generator = SeededGenerator(seed: 7, purpose: .sample)
    for bad in [Float.nan, .infinity, -.infinity] {
      for place in 0..<4 {
        var sample = Sample(&generator, queryCount: 3, candidateCount: 5, dimension: 2)
        switch place {
        case 0:
          var span = sample.queries.mutableSpan
          span[2] = bad
        case 1:
          var span = sample.candidates.mutableSpan
          for k in span.indices { span[k] = bad }
        case 2: sample.problem.corrections = [Float](repeating: bad, count: 5)
        default: sample.problem.scale = bad
        }
        #expect(!sample.evaluate().loss.isFinite, "\(bad) at \(place)")
        #expect(!sample.problem.loss(queries: sample.queries, candidates: sample.candidates).isFinite)
      }
    }
  }

  @Test(arguments: [40, 33_000]) func normalizesAsIfTheCandidatesWereNormalizedBefore(candidateCount: Int) {
    var generator = SeededGenerator(seed: 9, purpose: .sample)
    var sample = Sample(
      &generator, queryCount: 9, candidateCount: candidateCount, dimension: 6, masks: true, normalizes: true)
    let zeros = [Float](repeating: 0, count: 6)
    sample.candidates.copy(FloatBuffer(zeros), at: 12)  // no direction: zeros, and a gradient of zeros
    let result = sample.evaluate()
    #expect(result.candidate[12..<18].allSatisfy { $0 == 1 })

    let directions = FloatBuffer(zeros: sample.candidates.count)
    let inverseNorms = FloatBuffer(zeros: candidateCount)
    var out = directions.mutableSpan
    var inverses = inverseNorms.mutableSpan
    normalizeRows(sample.candidates.span, width: 6, epsilon: smallestNorm, into: &out, inverseNorms: &inverses)
    sample.candidates = directions
    sample.problem.normalizesCandidates = false
    let plain = sample.evaluate()
    #expect(abs(result.loss - plain.loss) < 1e-5 * (1 + plain.loss))
    #expect(greatestDifference(result.query, plain.query) < 1e-5)
  }

  @Test func aCandidateWithoutFiniteNormIsNoticed() {
    var generator = SeededGenerator(seed: 10, purpose: .sample)
    for value in [Float.nan, .infinity, 3e38] {
      let sample = Sample(&generator, queryCount: 3, candidateCount: 5, dimension: 4, normalizes: true)
      sample.candidates.copy(FloatBuffer([value]), at: 7)
      #expect(!sample.evaluate().loss.isFinite)
    }
  }

  @Test func noRowsGiveNoLoss() {
    let problem = RetrievalSoftmax(positiveColumns: [], candidateCount: 0, dimension: 4)
    #expect(problem.loss(queries: FloatBuffer(zeros: 0), candidates: FloatBuffer(zeros: 0)) == 0)
  }
}
