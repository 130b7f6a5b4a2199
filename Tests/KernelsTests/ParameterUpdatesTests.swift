import Testing
import TwoTowerKernels

/// Lengths around those of the vectors that the loops are made of.
private let counts = [0, 1, 7, 8, 15, 16, 17, 33, 100, 1000]

@Test(arguments: [Float(0), 0.3]) func adagradFollowsItsDefinition(decay: Float) {
  var generator = SeededGenerator(seed: 4, purpose: .sample)
  for count in counts {
    let (p, gradient) = (generator.normals(count), generator.normals(count))
    let s = generator.normals(count).map { $0 * $0 }
    let g = zip(gradient, p).map { $0 + decay * $1 }
    let newS = zip(s, g).map { $0 + $1 * $1 }
    let newP = (0..<count).map { p[$0] - 0.1 * g[$0] / (newS[$0] + 1e-7).squareRoot() }
    for variant in VectorMath.available {
      let (weights, squares) = (FloatBuffer(p), FloatBuffer(s))
      var w = weights.mutableSpan
      var a = squares.mutableSpan
      updateWithAdagrad(
        &w, accumulator: &a, gradient: gradient.span, rows: nil, width: 1, rate: 0.1, epsilon: 1e-7, decay: decay,
        on: variant)
      #expect(greatestDifference(squares.array, newS) < 1e-6, "\(variant.name)")
      #expect(greatestDifference(weights.array, newP) < 1e-6, "\(variant.name)")
    }
  }
}

@Test(arguments: [Float(0), 0.3]) func adamFollowsItsDefinition(decay: Float) {
  var generator = SeededGenerator(seed: 5, purpose: .sample)
  let step = AdamStep(
    beta1: 0.9, beta2: 0.99, epsilon: 1e-3, rate: 0.01, secondMomentScale: 1.5, decay: decay, shrinkage: 0.98)
  for count in counts {
    let (p, gradient, m) = (generator.normals(count), generator.normals(count), generator.normals(count))
    let v = generator.normals(count).map { $0 * $0 }
    let g = zip(gradient, p).map { $0 + decay * $1 }
    let newM = zip(m, g).map { 0.9 * $0 + 0.1 * $1 }
    let newV = zip(v, g).map { 0.99 * $0 + 0.01 * $1 * $1 }
    let newP = (0..<count).map { 0.98 * p[$0] - 0.01 * newM[$0] / (1.5 * newV[$0].squareRoot() + 1e-3) }
    for variant in VectorMath.available {
      let (weights, first, second) = (FloatBuffer(p), FloatBuffer(m), FloatBuffer(v))
      var w = weights.mutableSpan
      var mSpan = first.mutableSpan
      var vSpan = second.mutableSpan
      updateWithAdam(
        &w, firstMoment: &mSpan, secondMoment: &vSpan, gradient: gradient.span, rows: nil, width: 1, step: step,
        on: variant)
      #expect(greatestDifference(first.array, newM) < 1e-6, "\(variant.name)")
      #expect(greatestDifference(second.array, newV) < 1e-6, "\(variant.name)")
      #expect(greatestDifference(weights.array, newP) < 1e-5, "\(variant.name)")
    }
  }
}

@Test func adamHasTheSameBitsOnAnyNumberOfThreads() {
  var generator = SeededGenerator(seed: 12, purpose: .sample)
  let count = 100_000
  let (weights, gradient) = (generator.normals(count), generator.normals(count))
  let step = AdamStep(
    beta1: 0.9, beta2: 0.999, epsilon: 1e-8, rate: 0.01, secondMomentScale: 1, decay: 0.1, shrinkage: 0.9)
  expectSameBitsOnAnyThreadCount {
    let (w, m, v) = (FloatBuffer(weights), FloatBuffer(zeros: count), FloatBuffer(zeros: count))
    var wSpan = w.mutableSpan
    var mSpan = m.mutableSpan
    var vSpan = v.mutableSpan
    updateWithAdam(
      &wSpan, firstMoment: &mSpan, secondMoment: &vSpan, gradient: gradient.span, rows: nil, width: 1, step: step)
    return w.array + m.array + v.array
  }
}

@Test func updatesOfRowsLeaveTheOthersAlone() {
  let (weights, velocity) = (FloatBuffer([1, 1, 1, 1, 1, 1]), FloatBuffer([5, 5, 5, 5, 5, 5]))
  var w = weights.mutableSpan
  var v = velocity.mutableSpan
  updateWithMomentum(
    &w, velocity: &v, gradient: [Float(1), 2, 3, 4].span, rows: [2, 0], width: 2, rate: 1, momentum: 0, decay: 0)
  #expect(weights.array == [-2, -3, 1, 1, 0, -1])
  #expect(velocity.array == [3, 4, 5, 5, 1, 2])
}

@Test func updatesOfMissingRowsTrap() async {
  await #expect(processExitsWith: .failure) {
    let weights = FloatBuffer(zeros: 4)
    var w = weights.mutableSpan
    updateByGradient(&w, gradient: [Float(1), 2].span, rows: [2], width: 2, rate: 1, decay: 0)
  }
}
