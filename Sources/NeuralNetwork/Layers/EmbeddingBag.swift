import TwoTowerAutodiff

/// Weighted sums or means of rows of a table, one for each list of rows; an empty list gives zeros.
package struct EmbeddingBag {
  /// `[vocabularySize, dimension]`.
  package let table: Parameter
  package let combiner: BagCombiner

  package init(
    name: String, vocabularySize: Int, dimension: Int, combiner: BagCombiner = .mean,
    initializer: Initializer = .uniform(limit: 0.05), seed: UInt64
  ) {
    self.init(
      table: Parameter(name: name, shape: [vocabularySize, dimension], initializer: initializer, seed: seed),
      combiner: combiner)
  }

  /// Bags over a table that others may share, an `Embedding`'s for example.
  ///
  /// - Precondition: the table has rank 2.
  package init(table: Parameter, combiner: BagCombiner = .mean) {
    precondition(table.value.shape.rank == 2, "EmbeddingBag \(table.name): shape \(table.value.shape) is not of rank 2")
    self.table = table
    self.combiner = combiner
  }

  package var vocabularySize: Int { table.value.shape[0] }
  package var dimension: Int { table.value.shape[1] }
  package var parameters: [Parameter] { [table] }

  /// One row per bag, `[offsets.count − 1, dimension]`; bag b holds the entries offsets[b]..<offsets[b + 1].
  package func callAsFunction(offsets: [Int32], indices: [Int32], weights: [Float], on tape: Tape) -> Variable {
    bag(table, offsets: offsets, indices: indices, weights: weights, combiner: combiner, on: tape)
  }
}
