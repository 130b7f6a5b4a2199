import Testing
import TwoTowerKernels

@Test(arguments: 0..<30) func groupingIsAStableSortByKey(seed: Int) {
  var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample)
  let groupCount = 1 + generator.below(6)
  let count = seed < 2 ? seed : generator.below(40)
  let keys = generator.indices(count, below: groupCount)
  var order = (0..<Int32(count)).map { $0 }
  for given in [nil, order, { generator.shuffle(&order); return order }()] {
    let grouping = Grouping(keys: keys, groupCount: groupCount, order: given)
    let positions = given ?? (0..<Int32(count)).map { $0 }
    for group in 0..<groupCount {
      #expect(grouping.order[grouping.range(of: group)] == positions.filter { keys[Int($0)] == group }[...])
    }
    #expect(grouping.offsets.count == groupCount + 1 && Int(grouping.offsets[groupCount]) == count)
  }
}

@Test func groupingOfNothing() {
  let none = Grouping(keys: [], groupCount: 0)
  #expect(none.offsets == [0] && none.order.isEmpty)
  #expect(Grouping(keys: [], groupCount: 3).offsets == [0, 0, 0, 0])
}

@Test func aKeyOutsideTheGroupsTraps() async {
  await #expect(processExitsWith: .failure) { _ = Grouping(keys: [2], groupCount: 2) }
  await #expect(processExitsWith: .failure) { _ = Grouping(keys: [-1], groupCount: 2) }
}
