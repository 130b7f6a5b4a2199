import Kernels
import Testing

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
