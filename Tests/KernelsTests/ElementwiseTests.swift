import Testing
import TwoTowerKernels

/// Counts around one vector and one chunk.
private let counts = [0, 1, 7, 8, 33, 1 << 15, (1 << 16) + 5]

@Test(arguments: counts)
func elementwiseKernelsFollowTheirDefinitions(count: Int) {
  var generator = SeededGenerator(seed: 1, purpose: .sample)
  let (x, y, old) = (generator.normals(count), generator.normals(count), generator.normals(count))
  func expect(_ name: String, _ kernel: (inout MutableSpan<Float>) -> Void, _ definition: (Int) -> Float) {
    let out = FloatBuffer(old)
    var span = out.mutableSpan
    kernel(&span)
    #expect(greatestDifference(out.array, (0..<count).map(definition)) < 1e-6, "\(name)")
  }
  expect("combine", { combine(2, x.span, -3, y.span, into: &$0) }) { 2 * x[$0] - 3 * y[$0] }
  expect("multiply", { multiply(x.span, y.span, into: &$0) }) { x[$0] * y[$0] }
  expect("addProduct", { addProduct(x.span, y.span, into: &$0) }) { old[$0] + x[$0] * y[$0] }
  expect("addScaled", { addScaled(2, x.span, into: &$0) }) { old[$0] + 2 * x[$0] }
  expect("affine", { affine(2, x.span, offset: 5, into: &$0) }) { 2 * x[$0] + 5 }
  expect("addConstant", { addConstant(5, into: &$0) }) { old[$0] + 5 }
  expect("rectify", { rectify(x.span, into: &$0) }) { max(x[$0], 0) }
  expect("rectifyGradient", { rectifyGradient(&$0, y: y.span) }) { y[$0] > 0 ? old[$0] : 0 }
}

@Test(arguments: [0, 1, 3, 700], [0, 1, 9, 64])
func rowKernelsFollowTheirDefinitions(rows: Int, width: Int) {
  var generator = SeededGenerator(seed: 2, purpose: .sample)
  let count = rows * width
  let (x, row, old) = (generator.normals(count), generator.normals(width), generator.normals(count))
  func expect(_ name: String, _ kernel: (inout MutableSpan<Float>) -> Void, _ definition: (Int) -> Float) {
    let out = FloatBuffer(old)
    var span = out.mutableSpan
    kernel(&span)
    #expect(greatestDifference(out.array, (0..<count).map(definition)) < 1e-6, "\(name)")
  }
  expect("combineRows", { combineRows(2, x.span, -3, row: row.span, into: &$0) }) { 2 * x[$0] - 3 * row[$0 % width] }
  expect("multiplyRows", { multiplyRows(x.span, row: row.span, into: &$0) }) { x[$0] * row[$0 % width] }
  expect("addProductRows", { addProductRows(x.span, row: row.span, into: &$0) }) { old[$0] + x[$0] * row[$0 % width] }
}

@Test func resultsMayReplaceAnOperand() {
  let buffer = FloatBuffer([1, -2, 3])
  let same = buffer
  var span = buffer.mutableSpan
  rectify(same.span, into: &span)
  #expect(buffer.array == [1, 0, 3])
}

@Test func unequalCountsTrap() async {
  await #expect(processExitsWith: .failure) {
    let out = FloatBuffer(zeros: 3)
    var span = out.mutableSpan
    addScaled(1, FloatBuffer(zeros: 4).array.span, into: &span)
  }
  await #expect(processExitsWith: .failure) {
    let out = FloatBuffer(zeros: 4)
    var span = out.mutableSpan
    combineRows(1, [Float](repeating: 0, count: 4).span, 1, row: [Float](repeating: 0, count: 3).span, into: &span)
  }
}
