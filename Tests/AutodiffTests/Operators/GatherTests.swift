import Testing
import TwoTowerAutodiff

private func gathered(_ table: [Double], _ rows: [Int32], _ width: Int) -> [Double] {
  rows.flatMap { row in table[(Int(row) * width)..<((Int(row) + 1) * width)] }
}

@Test(arguments: testSizes, testSizes)
func gatherGradients(count: Int, width: Int) {
  var generator = testGenerator(4)
  let rows = (0..<count).map { _ in Int32(generator.below(5)) }  // rows repeat
  let table = randomTensor([5, width], &generator)
  checkGradients(at: [table]) { _, v in gather(v[0], rows: rows) } reference: { v in gathered(v[0], rows, width) }
  let parameter = Parameter(name: "table", value: table)
  checkParameterGradients(of: [parameter]) { tape in gather(parameter, rows: rows, on: tape) } reference: { v in
    gathered(v[0], rows, width)
  }
}

@Test func gatherTouchesEachRowOnceInOrderOfFirstUse() {
  let table = Parameter(name: "table", value: Tensor(zeros: [6, 2]))
  let tape = Tape(isTraining: true)
  tape.backward(from: gather(table, rows: [4, 1, 4], on: tape).sum())
  guard case .rows(let gradient) = table.gradient else { Issue.record("not by rows"); return }
  #expect(gradient.indices == [4, 1])
  #expect(Array(gradient.values.array.prefix(4)) == [2, 2, 1, 1])
}

@Test func gatherGivesNoGradientWithoutTrainingOrToAFrozenTable() {
  let table = Parameter(name: "table", value: Tensor(zeros: [6, 2]))
  #expect(!gather(table, rows: [1], on: Tape()).requiresGradient)
  table.isTrainable = false
  #expect(!gather(table, rows: [1], on: Tape(isTraining: true)).requiresGradient)
}

@Test func gatherOfAMissingRowTraps() async {
  await #expect(processExitsWith: .failure) {
    _ = gather(Tape().constant(Tensor(zeros: [2, 3])), rows: [2])
  }
  await #expect(processExitsWith: .failure) {
    _ = gather(Tape().constant(Tensor(zeros: [2, 3])), rows: [-1])
  }
}
