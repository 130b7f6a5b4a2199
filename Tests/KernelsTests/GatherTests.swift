import Testing
import TwoTowerKernels

@Test(arguments: [0, 1, 900], [0, 1, 9, 130])
func gatherAndScatterFollowTheirDefinitions(count: Int, width: Int) {
  var generator = SeededGenerator(seed: 6, purpose: .sample)
  let table = generator.normals(50 * width)
  let rows = generator.indices(count, below: 50)
  let gathered = FloatBuffer(zeros: count * width)
  var span = gathered.mutableSpan
  gatherRows(table.span, rows: rows.span, width: width, into: &span)
  #expect(gathered.array == rows.flatMap { table[(Int($0) * width)..<((Int($0) + 1) * width)] })

  let x = generator.normals(count * width)
  var expected = table
  for i in x.indices { expected[Int(rows[i / width]) * width + i % width] += x[i] }
  let scattered = FloatBuffer(table)
  var scatteredSpan = scattered.mutableSpan
  scatterAddRows(x.span, rows: rows.span, width: width, into: &scatteredSpan)
  #expect(scattered.array == expected)  // terms are added in the order of the rows: not a bit differs
}

@Test func scatterHasTheSameBitsOnAnyNumberOfThreads() {
  var generator = SeededGenerator(seed: 7, purpose: .sample)
  let (x, rows) = (generator.normals(3_000 * 100), generator.indices(3_000, below: 20))
  expectSameBitsOnAnyThreadCount {
    let table = FloatBuffer(zeros: 20 * 100)
    var span = table.mutableSpan
    scatterAddRows(x.span, rows: rows.span, width: 100, into: &span)
    return table.array
  }
}

@Test func columnsAreCopiedAndAddedWhereTheyBelong() {
  let x: [Float] = [1, 2, 3, 4, 5, 6]  // [2, 3]
  let out = FloatBuffer([9, 9, 9, 9, 9, 9, 9, 9])  // [2, 4]
  var span = out.mutableSpan
  copyColumns(x.span, width: 3, columns: 1..<3, rows: 2, into: &span, width: 4, at: 2)
  #expect(out.array == [9, 9, 2, 3, 9, 9, 5, 6])
  addColumns(x.span, width: 3, columns: 0..<1, rows: 2, into: &span, width: 4, at: 3)
  #expect(out.array == [9, 9, 2, 4, 9, 9, 5, 10])
}

@Test func rowsOutsideTheTableTrap() async {
  await #expect(processExitsWith: .failure) {
    let out = FloatBuffer(zeros: 2)
    var span = out.mutableSpan
    gatherRows([Float](repeating: 0, count: 4).span, rows: [Int32(2)].span, width: 2, into: &span)
  }
  await #expect(processExitsWith: .failure) {
    let table = FloatBuffer(zeros: 4)
    var span = table.mutableSpan
    scatterAddRows([Float](repeating: 0, count: 2).span, rows: [Int32(-1)].span, width: 2, into: &span)
  }
}
