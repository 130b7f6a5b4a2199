import Testing
import TwoTowerAutodiff

@Test func slotsAreTheSameForARowUntilCleared() {
  let gradient = RowGradient(rowCount: 10, width: 3)
  #expect(gradient.slots(for: [7, 2, 7]) == [0, 1, 0])
  #expect(gradient.slots(for: [2, 9]) == [1, 2])
  #expect(gradient.indices == [7, 2, 9])
  gradient.clear()
  #expect(gradient.indices.isEmpty)
  #expect(gradient.slots(for: [2]) == [0])
}

@Test func growthKeepsValuesAndClearingLeavesZeros() {
  let gradient = RowGradient(rowCount: 100, width: 2)
  _ = gradient.slots(for: [5])
  let first = gradient.values
  var span = first.mutableSpan
  span[0] = 1
  span[1] = 2
  _ = gradient.slots(for: Array(0..<100))
  #expect(Array(gradient.values.array.prefix(4)) == [1, 2, 0, 0])
  gradient.clear()
  #expect(gradient.values.array.allSatisfy { $0 == 0 })
}

@Test func aRowOutsideTheTableTraps() async {
  await #expect(processExitsWith: .failure) { _ = RowGradient(rowCount: 2, width: 1).slots(for: [2]) }
}
