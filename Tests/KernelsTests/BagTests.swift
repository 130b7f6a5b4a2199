import Testing
import TwoTowerKernels

private struct RandomBags {
  var offsets: [Int32] = [0]
  var indices: [Int32] = []
  var weights: [Float] = []

  init(count: Int, rowCount: Int, _ generator: inout SeededGenerator) {
    for _ in 0..<count {
      let size = generator.below(12)
      indices += generator.indices(size, below: rowCount)
      weights += generator.normals(size)
      offsets.append(Int32(indices.count))
    }
  }

  func bag(of entry: Int) -> Int { offsets.lastIndex { Int($0) <= entry }! }
}

@Test(arguments: [0, 1, 150], [0, 1, 9, 130])
func bagKernelsFollowTheirDefinitions(count: Int, width: Int) {
  var generator = SeededGenerator(seed: 8, purpose: .sample)
  let bags = RandomBags(count: count, rowCount: 20, &generator)
  let table = generator.normals(20 * width)
  var expected = [Float](repeating: 0, count: count * width)
  var expectedTable = table
  let gradient = generator.normals(count * width)
  for entry in bags.indices.indices {
    let (row, bag, weight) = (Int(bags.indices[entry]), bags.bag(of: entry), bags.weights[entry])
    for c in 0..<width {
      expected[bag * width + c] += weight * table[row * width + c]
      expectedTable[row * width + c] += weight * gradient[bag * width + c]
    }
  }
  let sums = FloatBuffer((0..<(count * width)).map { _ in 9 })  // what was there is overwritten
  var sumsSpan = sums.mutableSpan
  sumBags(
    table.span, offsets: bags.offsets.span, indices: bags.indices.span, weights: bags.weights.span, width: width,
    into: &sumsSpan)
  #expect(greatestDifference(sums.array, expected) < 1e-5)

  let updated = FloatBuffer(table)
  var updatedSpan = updated.mutableSpan
  addBagGradients(
    gradient.span, offsets: bags.offsets.span, indices: bags.indices.span, weights: bags.weights.span, width: width,
    into: &updatedSpan)
  #expect(greatestDifference(updated.array, expectedTable) < 1e-5)
}

@Test func bagGradientsHaveTheSameBitsOnAnyNumberOfThreads() {
  var generator = SeededGenerator(seed: 9, purpose: .sample)
  let bags = RandomBags(count: 400, rowCount: 10, &generator)
  let gradient = generator.normals(400 * 100)
  expectSameBitsOnAnyThreadCount {
    let table = FloatBuffer(zeros: 10 * 100)
    var span = table.mutableSpan
    addBagGradients(
      gradient.span, offsets: bags.offsets.span, indices: bags.indices.span, weights: bags.weights.span, width: 100,
      into: &span)
    return table.array
  }
}

@Test func meanWeightsSumToOneAndWeightlessBagsGetZeros() {
  let weights = meanBagWeights(offsets: [Int32(0), 2, 2, 4].span, weights: [Float(1), 3, 2, -2].span)
  #expect(weights == [0.25, 0.75, 0, 0])
}

@Test func meanWeightsOfLongBagsCountEveryEntry() {
  // In single precision 2²⁴ + 1 is 2²⁴.
  let weights = [Float(1 << 24)] + [Float](repeating: 1, count: 5_000)
  let means = meanBagWeights(offsets: [Int32(0), 5_001].span, weights: weights.span)
  #expect(abs(means.reduce(0.0) { $0 + Double($1) } - 1) < 1e-6)
}

@Test func bagsThatDoNotFitTrap() async {
  await #expect(processExitsWith: .failure) {
    _ = meanBagWeights(offsets: [Int32(0), 3].span, weights: [Float(1), 3].span)
  }
  await #expect(processExitsWith: .failure) { _ = meanBagWeights(offsets: [Int32]().span, weights: [Float]().span) }
}
