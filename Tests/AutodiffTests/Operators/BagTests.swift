import Testing
import TwoTowerAutodiff

private struct Bags {
  var offsets: [Int32] = [0]
  var indices: [Int32] = []
  var weights: [Float] = []

  func combined(_ table: [Double], width: Int, _ combiner: BagCombiner) -> [Double] {
    (0..<(offsets.count - 1)).flatMap { b -> [Double] in
      let entries = Int(offsets[b])..<Int(offsets[b + 1])
      let total = combiner == .sum || entries.isEmpty ? 1 : entries.reduce(0.0) { $0 + Double(weights[$1]) }
      return (0..<width).map { c in
        entries.reduce(0.0) { $0 + Double(weights[$1]) / total * table[Int(indices[$1]) * width + c] }
      }
    }
  }
}

@Test(arguments: [BagCombiner.sum, .mean], testSizes)
func bagGradients(combiner: BagCombiner, width: Int) {
  var generator = testGenerator(5)
  for bagCount in [0, 1, 7] {
    var bags = Bags()
    for _ in 0..<bagCount {
      for _ in 0..<generator.below(4) {  // some bags are empty
        bags.indices.append(Int32(generator.below(6)))
        bags.weights.append(0.5 + generator.uniform())
      }
      bags.offsets.append(Int32(bags.indices.count))
    }
    let table = Parameter(name: "tags", value: randomTensor([6, width], &generator))
    let fixed = bags
    checkParameterGradients(of: [table]) { tape in
      bag(table, offsets: fixed.offsets, indices: fixed.indices, weights: fixed.weights, combiner: combiner, on: tape)
    } reference: { v in fixed.combined(v[0], width: width, combiner) }
  }
}

@Test func emptyAndWeightlessBagsGiveZeros() {
  let table = Parameter(name: "tags", value: Tensor([2, 2], [1, 2, 3, 4]))
  let result = bag(table, offsets: [0, 0, 2, 3], indices: [0, 1, 1], weights: [0, 0, 2], combiner: .mean, on: Tape())
  #expect(result.value.array == [0, 0, 0, 0, 3, 4])
}

@Test func aTableUsedByRowsAndWholeGetsTheSumOfBothGradients() {
  var generator = testGenerator(6)
  let table = Parameter(name: "table", value: randomTensor([3, 2], &generator))
  checkParameterGradients(of: [table]) { tape in
    let rows = gather(table, rows: [1, 1, 2], on: tape) + tape.parameter(table)
    return rows + bag(table, offsets: [0, 1, 1, 2], indices: [0, 2], weights: [2, 3], combiner: .sum, on: tape)
  } reference: { v in
    let t = v[0]
    return [
      t[2] + t[0] + 2 * t[0], t[3] + t[1] + 2 * t[1], t[2] + t[2], t[3] + t[3],
      t[4] + t[4] + 3 * t[4], t[5] + t[5] + 3 * t[5],
    ]
  }
}

@Test func bagWithDescendingOffsetsTraps() async {
  await #expect(processExitsWith: .failure) {
    let table = Parameter(name: "tags", value: Tensor(zeros: [2, 2]))
    _ = bag(table, offsets: [0, 2, 1, 2], indices: [0, 1], weights: [1, 1], combiner: .sum, on: Tape())
  }
}
