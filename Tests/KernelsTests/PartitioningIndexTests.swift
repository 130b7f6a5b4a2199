import Testing
import TwoTowerKernels

@Test(arguments: 0..<20) func partitioningIndexIsTheFirstOfTheSecondPart(seed: Int) {
  var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample)
  let values = generator.indices(seed, below: 10).sorted()
  for bound in Int32(-1)...11 {
    let naive = values.firstIndex { $0 >= bound } ?? values.endIndex
    #expect(values.partitioningIndex { $0 >= bound } == naive)
    let slice = values.dropFirst(3).dropLast(2)
    #expect(slice.partitioningIndex { $0 >= bound } == slice.firstIndex { $0 >= bound } ?? slice.endIndex)
    #expect(values.indices.partitioningIndex { values[$0] >= bound } == naive)
  }
}

@Test func partitioningIndexAsksLogarithmicallyOften() {
  var questions = 0
  let index = (0..<1_000_000).partitioningIndex {
    questions += 1
    return $0 >= 777_777
  }
  #expect(index == 777_777 && questions <= 20)
}
