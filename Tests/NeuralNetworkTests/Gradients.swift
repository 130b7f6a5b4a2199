import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerNeuralNetwork

func testGenerator(_ seed: UInt64) -> SeededGenerator { SeededGenerator(seed: seed, purpose: .sample) }

func randomValues(_ count: Int, _ generator: inout SeededGenerator) -> [Float] {
  (0..<count).map { _ in 2 * generator.uniform() - 1 }
}

extension Parameter {
  /// Replaces the gradient by `values`, of the whole or of distinct `rows`.
  func setGradient(_ values: [Float], rows: [Int32]? = nil) {
    clearGradient()
    let tape = Tape(isTraining: true)
    if let rows {
      let gathered = gather(self, rows: rows, on: tape)
      tape.backward(from: gathered, gradient: Tensor(gathered.shape, values))
    } else {
      let whole = tape.parameter(self)
      tape.backward(from: (whole * tape.constant(Tensor(value.shape, values))).sum())
    }
  }

  /// The elements of the gradient that are stored.
  var storedGradient: [Float] {
    switch gradient {
    case .none: []
    case .dense(let tensor): tensor.array
    case .rows(let rows): Array(rows.values.array.prefix(rows.indices.count * rows.width))
    }
  }
}
