import Testing
import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerNeuralNetwork

@Test func clippingScalesDenseAndSparseGradientsByOneFactor() {
  let dense = Parameter(name: "dense", value: Tensor(zeros: [2]))
  let sparse = Parameter(name: "sparse", value: Tensor(zeros: [5, 2]))
  func setGradients() {
    dense.setGradient([2, 4])
    sparse.setGradient([1, 0, 0, 2], rows: [3, 1])  // 4 + 16 + 1 + 4 = 5²
  }
  setGradients()
  #expect(clipGradients(of: [dense, sparse], byGlobalNorm: 2.5) == 5)
  #expect(dense.storedGradient == [1, 2])
  #expect(sparse.storedGradient == [0.5, 0, 0, 1])
  setGradients()
  #expect(clipGradients(of: [dense, sparse], byGlobalNorm: 5) == 5)
  #expect(dense.storedGradient == [2, 4])
  #expect(clipGradients(of: [], byGlobalNorm: 1) == 0)
}

@Test func clippingLeavesGradientsThatAreNotFiniteToBeFound() {
  let good = Parameter(name: "good", value: Tensor(zeros: [2]))
  let bad = Parameter(name: "bad", value: Tensor(zeros: [2]))
  good.setGradient([3, 4])
  bad.setGradient([.infinity, 1])
  #expect(clipGradients(of: [good, bad], byGlobalNorm: 1) == .infinity)
  #expect(good.storedGradient == [3, 4])
  #expect(firstNonFinite([good, bad]) == "gradient of bad")
}

@Test func firstNonFiniteNamesGradientsAndValues() {
  let a = Parameter(name: "a", value: Tensor([20, 1], Array(repeating: 1, count: 20)))
  let b = Parameter(name: "b", value: Tensor([2], [1, 2]))
  a.setGradient([1, 2], rows: [3, 4])
  #expect(firstNonFinite([a, b]) == nil)
  a.setGradient([1, .nan], rows: [3, 4])
  #expect(firstNonFinite([a, b]) == "gradient of a")
  a.clearGradient()
  #expect(firstNonFinite([a, b]) == nil)
  for position in [0, 8, 19] {  // in the first vector, in another, behind the last
    for value in [Float.nan, .infinity, -.infinity] {
      var values = [Float](repeating: 1, count: 20)
      values[position] = value
      a.value.buffer.copyFirst(20, from: FloatBuffer(values))
      #expect(firstNonFinite([b, a]) == "a")
    }
  }
}
