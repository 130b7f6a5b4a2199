import Testing
import TwoTowerDatasets
import TwoTowerKernels

struct PairTableTests {
  @Test func keepsPositions() {
    let table = PairTable(users: [1, 0, 1, 1], items: [2, 3, 0, 2], userCount: 3, itemCount: 4)
    #expect(table.items == [3, 0, 2, 2] && table.lists.offsets == [0, 1, 4, 4])
    #expect(table.entry(user: 1, item: 2).map { table.positions[$0] } == 0)
    #expect(table.entry(user: 1, item: 1) == nil && !table.contains(user: 2, item: 0))
    let none = PairTable(users: [], items: [], userCount: 0, itemCount: 0)
    #expect(none.count == 0 && none.userCount == 0)
  }

  @Test(arguments: 0..<20) func findsTheFirstListing(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample)
    let count = seed < 2 ? seed : generator.below(30)
    func column(below bound: Int) -> [Int32] { (0..<count).map { _ in Int32(generator.below(bound)) } }
    let (users, items) = (column(below: 4), column(below: 5))
    let table = PairTable(users: users, items: items, userCount: 4, itemCount: 5)
    for user in Int32(0)..<4 {
      for item in Int32(0)..<5 {
        let first = (0..<count).first { users[$0] == user && items[$0] == item }
        #expect(table.position(user: user, item: item) == first)
        #expect(table.contains(user: user, item: item) == (first != nil))
      }
    }
  }
}
