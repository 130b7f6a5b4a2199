import Testing
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

struct ColumnBatchTests {
  @Test func rowsOfIndicesAndNumbersAreCopiedInOrder() {
    let indices = FeatureColumn.indices([5, 6, 7], vocabularySize: 8)
    #expect(indices.selecting([2, 0, 2]) == .indices([7, 5, 7], vocabularySize: 8))
    let numbers = FeatureColumn.dense([1, 2, 3, 4, 5, 6], width: 2)
    #expect(numbers.selecting([2, 0]) == .dense([5, 6, 1, 2], width: 2))
  }

  @Test func bagsAreCopiedWithTheirWeights() {
    let bags = FeatureColumn.bags(
      SparseRows(offsets: [0, 2, 2, 3], indices: [1, 4, 2], weights: [0.5, 1.5, 3]), vocabularySize: 5)
    #expect(
      bags.selecting([2, 1, 0, 2])
        == .bags(
          SparseRows(offsets: [0, 1, 1, 3, 4], indices: [2, 1, 4, 2], weights: [3, 0.5, 1.5, 3]), vocabularySize: 5))
  }

  @Test func noRowsAreNoRows() {
    for column: FeatureColumn in [
      .indices([1], vocabularySize: 2), .dense([1, 2], width: 2),
      .bags(SparseRows(offsets: [0, 1], indices: [1], weights: [1]), vocabularySize: 2),
    ] { #expect(column.selecting([]).rowCount == 0) }
  }

  @Test(arguments: 0..<6) func allRowsInOrderAreTheColumn(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample)
    let count = generator.below(6)
    var bags = SparseRows()
    for _ in 0..<count {
      for _ in 0..<generator.below(3) {
        bags.append(Int32(generator.below(7)), weight: generator.uniform())
      }
      bags.endRow()
    }
    let columns: [FeatureColumn] = [
      .indices((0..<count).map { _ in Int32(generator.below(9)) }, vocabularySize: 9),
      .dense((0..<count * 3).map { _ in generator.uniform() }, width: 3), .bags(bags, vocabularySize: 7),
    ]
    for column in columns { #expect(column.selecting((0..<Int32(count)).map { $0 }) == column) }
  }

  @Test func onlyNumbersHaveNoVocabulary() {
    #expect(FeatureColumn.indices([], vocabularySize: 3).vocabularySize == 3)
    #expect(FeatureColumn.bags(SparseRows(), vocabularySize: 4).vocabularySize == 4)
    #expect(FeatureColumn.dense([], width: 2).vocabularySize == nil)
  }

  @Test func trainingRowsSeeTheirOwnColumnAndQueriesTheEntitys() {
    let feature = Feature(
      name: "x", entity: .dense([10, 11], width: 1), perTrainingRow: .dense([20, 21, 22], width: 1))
    #expect(feature.rows(BatchRows(entities: [1, 0], trainingRows: [2, 0])) == .dense([22, 20], width: 1))
    #expect(feature.rows(BatchRows(entities: [1, 0])) == .dense([11, 10], width: 1))
    let plain = Feature(name: "x", entity: .dense([10, 11], width: 1))
    #expect(plain.rows(BatchRows(entities: [1, 0], trainingRows: [2, 0])) == .dense([11, 10], width: 1))
  }

  @Test func trainingRowsSeeABagWithoutWhatIsWithheld() {
    let bags = SparseRows(offsets: [0, 2, 3], indices: [1, 4, 2], weights: [0.5, 1.5, 3])
    let withheld = SparseRows(offsets: [0, 1, 1, 2], indices: [4, 2], weights: [1, 3])
    let feature = Feature(name: "x", entity: .bags(bags, vocabularySize: 5), withheld: withheld)
    #expect(
      feature.rows(BatchRows(entities: [1, 0, 0], trainingRows: [2, 0, 1]))
        == .bags(
          SparseRows(offsets: [0, 0, 2, 4], indices: [1, 4, 1, 4], weights: [0.5, 0.5, 0.5, 1.5]), vocabularySize: 5))
    #expect(feature.rows(BatchRows(entities: [0])) == FeatureColumn.bags(bags, vocabularySize: 5).selecting([0]))
  }

  @Test func partsOfABatchKeepTheirTrainingRows() {
    let batch = BatchRows(entities: [4, 5, 6], trainingRows: [1, 2, 3])
    #expect(batch[1..<3].entities == [5, 6] && batch[1..<3].trainingRows == [2, 3])
    #expect(BatchRows(entities: [4, 5])[0..<1].trainingRows.isEmpty)
  }
}
