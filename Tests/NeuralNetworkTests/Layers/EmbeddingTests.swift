import Testing
import TwoTowerAutodiff
import TwoTowerNeuralNetwork

@Test func embeddingLooksRowsUp() {
  let table = Parameter(name: "id", value: Tensor([3, 2], [0, 1, 2, 3, 4, 5]))
  let embedding = Embedding(table: table)
  #expect(embedding([2, 0, 2], on: Tape()).value.array == [4, 5, 0, 1, 4, 5])
  #expect(embedding.parameters.map(\.name) == ["id"])
}

@Test func identifierDropoutMapsItsShareToRowZeroInTrainingOnly() {
  let table = Parameter(name: "id", value: Tensor([3, 1], [0, 1, 2]))
  let embedding = Embedding(table: table, identifierDropout: 0.3)
  let rows = [Int32](repeating: 2, count: 10_000)
  #expect(embedding(rows, on: Tape()).value.array.allSatisfy { $0 == 2 })
  let tape = Tape(isTraining: true, seed: 1)
  let seen = embedding(rows, on: tape)
  let dropped = seen.value.array.filter { $0 == 0 }.count
  #expect(seen.value.array.allSatisfy { $0 == 0 || $0 == 2 })
  #expect(abs(dropped - 3_000) < 230)  // 5 standard deviations
  tape.backward(from: seen.sum())
  guard case .rows(let gradient) = table.gradient else { Issue.record("not by rows"); return }
  let ofRowZero = gradient.values.array[gradient.indices.firstIndex(of: 0)!]
  #expect(ofRowZero == Float(dropped))
}

@Test func anEmbeddingBagMayShareAnEmbeddingsTable() {
  let embedding = Embedding(
    name: "user", vocabularySize: 3, dimension: 2, initializer: .normal(standardDeviation: 1), seed: 1)
  let friends = EmbeddingBag(table: embedding.table, combiner: .mean)
  let tape = Tape(isTraining: true)
  let sum = embedding([0, 1], on: tape) + friends(offsets: [0, 2, 2], indices: [1, 2], weights: [1, 3], on: tape)
  let t = embedding.table.value.array
  let expected = [t[0] + 0.25 * t[2] + 0.75 * t[4], t[1] + 0.25 * t[3] + 0.75 * t[5], t[2], t[3]]
  #expect(zip(sum.value.array, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  tape.backward(from: sum.sum())
  guard case .rows(let gradient) = embedding.table.gradient else { Issue.record("not by rows"); return }
  var total = [Float](repeating: 0, count: 3)
  for (slot, row) in gradient.indices.enumerated() { total[Int(row)] += gradient.values.array[slot * 2] }
  #expect(total == [1, 1.25, 0.75])
}
