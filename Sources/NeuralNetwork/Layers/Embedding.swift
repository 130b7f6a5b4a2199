import TwoTowerAutodiff
import TwoTowerKernels

/// A table of vectors looked up by row; row 0 stands for what the vocabulary does not know.
package struct Embedding {
  /// `[vocabularySize, dimension]`.
  package let table: Parameter
  /// The share of identifiers that a training tape sees as unknown, so that row 0 and other features learn to stand in.
  package let identifierDropout: Float

  package init(
    name: String, vocabularySize: Int, dimension: Int, initializer: Initializer = .uniform(limit: 0.05),
    identifierDropout: Float = 0, seed: UInt64
  ) {
    self.init(
      table: Parameter(name: name, shape: [vocabularySize, dimension], initializer: initializer, seed: seed),
      identifierDropout: identifierDropout)
  }

  /// An embedding over a table that others may share.
  ///
  /// - Precondition: the table has rank 2; `identifierDropout` in 0...1.
  package init(table: Parameter, identifierDropout: Float = 0) {
    precondition(table.value.shape.rank == 2, "Embedding \(table.name): shape \(table.value.shape) is not of rank 2")
    precondition(
      identifierDropout >= 0 && identifierDropout <= 1,
      "Embedding \(table.name): identifier dropout \(identifierDropout) is not in 0...1")
    self.table = table
    self.identifierDropout = identifierDropout
  }

  package var vocabularySize: Int { table.value.shape[0] }
  package var dimension: Int { table.value.shape[1] }
  package var parameters: [Parameter] { [table] }

  /// The rows `[rows.count, dimension]`.
  package func callAsFunction(_ rows: [Int32], on tape: Tape) -> Variable {
    guard tape.isTraining && identifierDropout > 0 else { return gather(table, rows: rows, on: tape) }
    var generator = tape.generator(for: .identifierDropout)
    return gather(table, rows: rows.map { generator.uniform() < identifierDropout ? 0 : $0 }, on: tape)
  }
}
