import Foundation
import Testing
import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerNeuralNetwork

/// An optimiser beside its published update in Float64, for one element with its own state.
struct OptimizerCase: CustomTestStringConvertible, Sendable {
  struct Element {
    var weight: Double
    var first = 0.0
    var second = 0.0
  }

  let testDescription: String
  let make: @Sendable () -> any Optimizer
  /// The element after step t (counted from 1) with gradient g at rate r.
  let update: @Sendable (_ element: inout Element, _ g: Double, _ t: Double, _ r: Double) -> Void

  private static func adam(_ e: inout Element, _ g: Double, _ t: Double, _ r: Double) {
    e.first = 0.9 * e.first + 0.1 * g
    e.second = 0.999 * e.second + 0.001 * g * g
    let (m, v) = (e.first / (1 - pow(0.9, t)), e.second / (1 - pow(0.999, t)))
    e.weight -= r * m / (v.squareRoot() + 1e-8)
  }

  static let all = [
    OptimizerCase(testDescription: "SGD", make: { SGD() }) { e, g, _, r in e.weight -= r * g },
    OptimizerCase(testDescription: "SGD, L2", make: { SGD(weightDecay: 0.1) }) { e, g, _, r in
      e.weight -= r * (g + 0.1 * e.weight)
    },
    OptimizerCase(testDescription: "momentum, L2", make: { SGD(momentum: 0.9, weightDecay: 0.1) }) { e, g, _, r in
      e.first = 0.9 * e.first + g + 0.1 * e.weight
      e.weight -= r * e.first
    },
    OptimizerCase(testDescription: "Adagrad", make: { Adagrad() }) { e, g, _, r in
      e.first += g * g
      e.weight -= r * g / (0.1 + e.first + 1e-7).squareRoot()
    },
    OptimizerCase(
      testDescription: "Adagrad, L2", make: { Adagrad(initialAccumulator: 0.5, weightDecay: 0.1) }
    ) { e, g, _, r in
      let g = g + 0.1 * e.weight
      e.first += g * g
      e.weight -= r * g / (0.5 + e.first + 1e-7).squareRoot()
    },
    OptimizerCase(testDescription: "Adam", make: { Adam() }) { e, g, t, r in adam(&e, g, t, r) },
    OptimizerCase(testDescription: "Adam, L2", make: { Adam(weightDecay: 0.1) }) { e, g, t, r in
      adam(&e, g + 0.1 * e.weight, t, r)
    },
    OptimizerCase(testDescription: "AdamW", make: { AdamW(weightDecay: 0.1) }) { e, g, t, r in
      e.weight *= 1 - r * 0.1
      adam(&e, g, t, r)
    },
  ]
}

@Test(arguments: OptimizerCase.all, [1, 9, 64])
func stepsFollowTheDefinitionAndTouchOnlyTouchedRows(optimizerCase: OptimizerCase, width: Int) {
  var generator = testGenerator(1)
  let rowCount = 40
  let dense = Parameter(name: "dense", value: Tensor([rowCount, width], randomValues(rowCount * width, &generator)))
  let sparse = Parameter(name: "sparse", value: dense.value.copy())
  var expected = [dense, sparse].map { $0.value.array.map { OptimizerCase.Element(weight: Double($0)) } }
  let optimizer = optimizerCase.make()
  for step in 1...5 {
    let denseGradient = randomValues(rowCount * width, &generator)
    var rows = (0..<Int32(rowCount)).map { $0 }
    generator.shuffle(&rows)
    rows = Array(rows.prefix(generator.below(rowCount + 1)))
    let rowGradient = randomValues(rows.count * width, &generator)
    dense.setGradient(denseGradient)
    sparse.setGradient(rowGradient, rows: rows)
    optimizer.step([dense, sparse], learningRate: 0.05)

    for i in denseGradient.indices {
      optimizerCase.update(&expected[0][i], Double(denseGradient[i]), Double(step), 0.05)
    }
    for (slot, row) in rows.enumerated() {
      for c in 0..<width {
        optimizerCase.update(
          &expected[1][Int(row) * width + c], Double(rowGradient[slot * width + c]), Double(step), 0.05)
      }
    }
  }
  for (parameter, elements) in zip([dense, sparse], expected) {
    let difference = zip(parameter.value.array, elements).map { abs(Double($0) - $1.weight) }.max()!
    #expect(difference < 2e-5, "\(parameter.name)")
  }
}

@Test(arguments: OptimizerCase.all)
func rowUpdatesEqualDenseOnesBitForBitWhenAllRowsAreTouched(optimizerCase: OptimizerCase) {
  var generator = testGenerator(2)
  let value = Tensor([30, 17], randomValues(30 * 17, &generator))
  let (dense, sparse) = (Parameter(name: "dense", value: value.copy()), Parameter(name: "sparse", value: value.copy()))
  let optimizer = optimizerCase.make()
  for _ in 0..<4 {
    let gradient = randomValues(30 * 17, &generator)
    dense.setGradient(gradient)
    sparse.setGradient(gradient, rows: Array(0..<30))
    optimizer.step([dense, sparse], learningRate: 0.1)
  }
  #expect(dense.value.array.map(\.bitPattern) == sparse.value.array.map(\.bitPattern))
  #expect(dense.value.array != value.array)
}

@Test(arguments: OptimizerCase.all)
func aRestoredOptimizerContinuesBitForBit(optimizerCase: OptimizerCase) throws {
  var generator = testGenerator(3)
  let parameters = [
    Parameter(name: "a", value: Tensor([8, 3], randomValues(24, &generator))),
    Parameter(name: "b", value: Tensor([5], randomValues(5, &generator))),
    Parameter(name: "never updated", value: Tensor([2], [1, 2])),
  ]
  let gradients = (0..<6).map { _ in (randomValues(9, &generator), randomValues(5, &generator)) }
  func step(_ optimizer: any Optimizer, _ parameters: [Parameter], _ i: Int) {
    parameters[0].setGradient(gradients[i].0, rows: [Int32(i), 7, 6])
    parameters[1].setGradient(gradients[i].1)
    optimizer.step(parameters, learningRate: 0.1)
  }
  let original = optimizerCase.make()
  for i in 0..<3 { step(original, parameters, i) }
  let copies = parameters.map { Parameter(name: $0.name, value: $0.value.copy()) }
  let restored = optimizerCase.make()
  try restored.restore(original.state, for: copies)
  for i in 3..<6 {
    step(original, parameters, i)
    step(restored, copies, i)
  }
  for (parameter, copy) in zip(parameters, copies) {
    #expect(parameter.value.array.map(\.bitPattern) == copy.value.array.map(\.bitPattern))
  }
  #expect(restored.state.stepCount == 6)
  #expect(restored.state.tensors.mapValues(\.array) == original.state.tensors.mapValues(\.array))
}

@Test func stateIsACopy() {
  let parameter = Parameter(name: "a", value: Tensor([1], [1]))
  let optimizer = Adam()
  parameter.setGradient([2])
  optimizer.step([parameter], learningRate: 0.1)
  let before = optimizer.state.tensors["a/firstMoment"]!
  let value = before.item
  optimizer.step([parameter], learningRate: 0.1)
  #expect(before.item == value)
  #expect(optimizer.state.tensors["a/firstMoment"]!.item != value)
}

@Test func stateThatDoesNotFitIsRefusedAndChangesNothing() {
  let parameter = Parameter(name: "a", value: Tensor([2], [1, 2]))
  let moment = Tensor([2], [0, 0])
  let refused: [(OptimizerState, OptimizerStateError)] = [
    (OptimizerState(stepCount: 1, tensors: ["a/firstMoment": moment]), .missing("a/secondMoment")),
    (
      OptimizerState(stepCount: 1, tensors: ["a/firstMoment": moment, "a/secondMoment": Tensor([3], [0, 0, 0])]),
      .shape("a/secondMoment", found: [3], expected: [2])
    ),
    (OptimizerState(stepCount: 1, tensors: ["b/firstMoment": moment]), .unexpected("b/firstMoment")),
    (OptimizerState(stepCount: -1), .stepCount(-1)),
  ]
  for (state, error) in refused {
    let optimizer = Adam()
    parameter.setGradient([1, 1])
    optimizer.step([parameter], learningRate: 0.1)
    #expect(throws: error) { try optimizer.restore(state, for: [parameter]) }
    #expect(optimizer.state.stepCount == 1)
    #expect(optimizer.state.tensors["a/firstMoment"]?.array != [0, 0])
  }
}

@Test func parametersThatAreFrozenOrWithoutGradientStay() {
  let frozen = Parameter(name: "frozen", value: Tensor([1], [1]))
  frozen.setGradient([1])
  frozen.isTrainable = false
  let untouched = Parameter(name: "untouched", value: Tensor([1], [1]))
  AdamW(weightDecay: 0.5).step([frozen, untouched], learningRate: 0.1)
  #expect(frozen.value.array == [1])
  #expect(untouched.value.array == [1])
}
