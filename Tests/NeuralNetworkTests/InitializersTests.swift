import Testing
import TwoTowerAutodiff
import TwoTowerNeuralNetwork

@Test func valuesDependOnSeedAndNameAlone() {
  let initializer = Initializer.normal(standardDeviation: 1)
  #expect(initializer.values([3, 4], name: "a", seed: 1).array == initializer.values([3, 4], name: "a", seed: 1).array)
  #expect(initializer.values([3, 4], name: "a", seed: 1).array != initializer.values([3, 4], name: "b", seed: 1).array)
  #expect(initializer.values([3, 4], name: "a", seed: 1).array != initializer.values([3, 4], name: "a", seed: 2).array)
}

@Test func uniformInitializersFillTheirRange() {
  let limits: [(Initializer, Float)] = [(.uniform(limit: 0.05), 0.05), (.glorotUniform, (6.0 / 150).squareRoot())]
  for (initializer, limit) in limits {
    let values = initializer.values([100, 50], name: "w", seed: 1).array
    #expect(values.allSatisfy { abs($0) <= limit })
    #expect(values.max()! > 0.99 * limit && values.min()! < -0.99 * limit)
    #expect(abs(values.reduce(0, +) / 5000) < 0.05 * limit)
  }
}

@Test func normalInitializersHaveTheirDeviation() {
  let deviations: [(Initializer, Double)] = [
    (.normal(standardDeviation: 0.3), 0.3), (.heNormal, (2.0 / 101).squareRoot()),
  ]
  for (initializer, deviation) in deviations {
    let values = initializer.values([101, 101], name: "w", seed: 1).array.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    #expect(abs(mean) < 0.05 * deviation)
    #expect(abs(variance.squareRoot() / deviation - 1) < 0.03)
    let withinOne = values.filter { abs($0) < deviation }.count
    #expect(abs(Double(withinOne) / Double(values.count) - 0.6827) < 0.02)
  }
}

@Test func emptyShapesAreInitialized() {
  for initializer in [Initializer.zeros, .normal(standardDeviation: 1), .glorotUniform, .heNormal] {
    #expect(initializer.values([0, 3], name: "w", seed: 1).array == [])
    #expect(initializer.values([3, 0], name: "w", seed: 1).array == [])
  }
}
