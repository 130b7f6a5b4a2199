import Testing
import TwoTowerAutodiff
import TwoTowerKernels

/// Checks an operation against a Float64 reference: its values, and its gradients by central differences of
/// Σ w · f(x) with random w, at every element of every input.
///
/// The gradients start from random numbers, so that an operation that overwrites instead of adding is caught.
func checkGradients(
  at inputs: [Tensor], seed: UInt64 = 1, tolerance: Double = 1e-4,
  of operation: (Tape, [Variable]) -> Variable, reference: ([[Double]]) -> [Double],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let tape = Tape(isTraining: true, seed: seed)
  let variables = inputs.map(tape.input)
  let output = operation(tape, variables)
  var generator = testGenerator(seed)
  let offsets = variables.map { variable in
    let offset = randomTensor(variable.shape, &generator)
    tape.gradient(of: variable)!.buffer.copyFirst(offset.count, from: offset.buffer)
    return offset
  }
  let weights = randomTensor(output.shape, &generator)
  tape.backward(from: output, gradient: weights)
  let gradients = zip(variables, offsets).map { variable, offset in
    zip(tape.gradient(of: variable)!.array, offset.array).map { Double($0) - Double($1) }
  }
  compare(
    output.value, weights: weights, gradients: gradients, at: inputs, tolerance: tolerance, reference: reference,
    sourceLocation: sourceLocation)
}

/// As `checkGradients`, for parameters, whose gradients leave the tape.
func checkParameterGradients(
  of parameters: [Parameter], seed: UInt64 = 1, tolerance: Double = 1e-4, operation: (Tape) -> Variable,
  reference: ([[Double]]) -> [Double], sourceLocation: SourceLocation = #_sourceLocation
) {
  let tape = Tape(isTraining: true, seed: seed)
  let output = operation(tape)
  var generator = testGenerator(seed)
  let weights = randomTensor(output.shape, &generator)
  tape.backward(from: output, gradient: weights)
  compare(
    output.value, weights: weights, gradients: parameters.map { denseGradient(of: $0).map(Double.init) },
    at: parameters.map(\.value), tolerance: tolerance, reference: reference, sourceLocation: sourceLocation)
}

private func compare(
  _ output: Tensor, weights: Tensor, gradients: [[Double]], at inputs: [Tensor], tolerance: Double,
  reference: ([[Double]]) -> [Double], sourceLocation: SourceLocation
) {
  var x = inputs.map { $0.array.map(Double.init) }
  let expected = reference(x)
  expectClose(output.array.map(Double.init), expected, tolerance: tolerance, "value", sourceLocation)
  let w = weights.array.map(Double.init)
  func weightedSum() -> Double { zip(w, reference(x)).reduce(0) { $0 + $1.0 * $1.1 } }
  for input in x.indices {
    let numeric = x[input].indices.map { i in
      let (value, h) = (x[input][i], 1e-5)
      x[input][i] = value + h
      let above = weightedSum()
      x[input][i] = value - h
      let below = weightedSum()
      x[input][i] = value
      return (above - below) / (2 * h)
    }
    expectClose(gradients[input], numeric, tolerance: tolerance, "gradient of input \(input)", sourceLocation)
  }
}

func expectClose(
  _ found: [Double], _ expected: [Double], tolerance: Double, _ what: String, _ sourceLocation: SourceLocation
) {
  #expect(found.count == expected.count, "\(what): counts", sourceLocation: sourceLocation)
  for (i, (f, e)) in zip(found, expected).enumerated() where !(abs(f - e) <= tolerance * (1 + abs(e))) {
    Issue.record("\(what) at \(i): \(f), expected \(e)", sourceLocation: sourceLocation)
    return
  }
}

/// A parameter's gradient as if it were dense; zeros where nothing was touched.
func denseGradient(of parameter: Parameter) -> [Float] {
  switch parameter.gradient {
  case .none: return Array(repeating: 0, count: parameter.value.count)
  case .dense(let tensor): return tensor.array
  case .rows(let rows):
    var dense = [Float](repeating: 0, count: parameter.value.count)
    let values = rows.values.array
    for (slot, row) in rows.indices.enumerated() {
      for c in 0..<rows.width { dense[Int(row) * rows.width + c] = values[slot * rows.width + c] }
    }
    return dense
  }
}

func testGenerator(_ seed: UInt64) -> SeededGenerator { SeededGenerator(seed: seed, purpose: .sample) }

/// Uniform in −1..<1, without magnitudes below `gap`.
func randomTensor(_ shape: Shape, _ generator: inout SeededGenerator, gap: Float = 0) -> Tensor {
  Tensor(
    shape,
    (0..<shape.count).map { _ in
      let magnitude = gap + (1 - gap) * generator.uniform()
      return generator.below(2) == 0 ? magnitude : -magnitude
    })
}

/// Sizes to draw shapes from: nothing, one, less and more than a vector register, more than a chunk of columns.
let testSizes = [0, 1, 3, 9, 20]
