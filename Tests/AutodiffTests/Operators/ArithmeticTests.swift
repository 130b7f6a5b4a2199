import Testing
import TwoTowerAutodiff

/// Every way in which one operand extends over the other, in both orders, for ranks 0 to 3.
private let pairs: [(Shape, Shape)] = {
  let larger: [Shape] = [[], [0], [1], [9], [1, 1], [0, 3], [3, 0], [5, 20], [2, 1, 4], [2, 3, 9]]
  return larger.flatMap { shape -> [(Shape, Shape)] in
    var pairs: [(Shape, Shape)] = [(shape, shape), (shape, []), ([], shape)]
    if shape.rank > 1 {
      let row = Shape([shape[shape.rank - 1]])
      pairs += [(shape, row), (row, shape)]
    }
    return pairs
  }
}()

private func repeated(_ values: [Double], to count: Int) -> [Double] { (0..<count).map { values[$0 % values.count] } }

private func check(
  _ operation: (Variable, Variable) -> Variable, _ reference: (Double, Double) -> Double
) {
  var generator = testGenerator(10)
  for (left, right) in pairs {
    let count = left == right || left.rank > right.rank ? left.count : right.count
    checkGradients(at: [randomTensor(left, &generator), randomTensor(right, &generator)]) { _, v in
      operation(v[0], v[1])
    } reference: { v in
      count == 0 ? [] : zip(repeated(v[0], to: count), repeated(v[1], to: count)).map(reference)
    }
  }
}

@Test func addGradients() { check(+, +) }
@Test func subtractGradients() { check(-, -) }
@Test func multiplyGradients() { check(*, *) }

@Test func squareAddsTheGradientsOfBothFactors() {
  var generator = testGenerator(11)
  checkGradients(at: [randomTensor([3, 2], &generator)]) { _, v in v[0] * v[0] } reference: { v in
    v[0].map { $0 * $0 }
  }
}

@Test func scaleGradients() {
  var generator = testGenerator(12)
  for shape in [[], [0], [7], [3, 5], [2, 1, 3]] as [Shape] {
    checkGradients(at: [randomTensor(shape, &generator)]) { _, v in -(2.5 * v[0]) } reference: { v in
      v[0].map { -2.5 * $0 }
    }
  }
}

@Test func shapesThatDoNotBroadcastTrap() async {
  await #expect(processExitsWith: .failure) {
    let tape = Tape()
    _ = tape.constant(Tensor(zeros: [2, 3])) + tape.constant(Tensor(zeros: [2]))
  }
  await #expect(processExitsWith: .failure) {
    let tape = Tape()
    _ = tape.constant(Tensor(zeros: [2, 3])) * tape.constant(Tensor(zeros: [3, 2]))
  }
}

@Test func operandsOfTwoTapesTrap() async {
  await #expect(processExitsWith: .failure) {
    _ = Tape().constant(Tensor(zeros: [2])) + Tape().constant(Tensor(zeros: [2]))
  }
}
