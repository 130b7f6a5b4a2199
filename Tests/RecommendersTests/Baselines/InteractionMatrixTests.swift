import Testing
import TwoTowerRecommenders

struct InteractionMatrixTests {
  @Test(arguments: [(1, 1), (4, 7), (30, 20)], [false, true])
  func bothOrdersHoldTheSamePairsAscending(shape: (Int, Int), isWeighted: Bool) {
    let random = RandomInteractions(users: shape.0, items: shape.1, density: 0.4, isWeighted: isWeighted, seed: 3)
    let matrix = random.matrix
    #expect(matrix.userCount == shape.0 && matrix.itemCount == shape.1)
    #expect(matrix.count == random.dense.joined().count { $0 > 0 })
    for (rows, dense) in [(matrix.byUser, random.dense), (matrix.byItem, random.columns)] {
      #expect(rows.rowCount == dense.count)
      for (row, values) in dense.enumerated() {
        let range = rows.range(of: row)
        #expect(rows.indices[range].map(Int.init) == values.indices.filter { values[$0] > 0 })
        #expect(rows.weights[range].map(Double.init) == values.filter { $0 > 0 })
      }
    }
  }

  @Test func repeatedPairsAddTheirWeightsOrCountOnce() {
    let (users, items): ([Int32], [Int32]) = ([0, 1, 0, 0], [2, 1, 2, 1])
    let plain = InteractionMatrix(userCount: 2, itemCount: 3, users: users, items: items)
    #expect(plain.byUser.indices == [1, 2, 1] && plain.byUser.weights == [1, 1, 1])
    let weighted = InteractionMatrix(userCount: 2, itemCount: 3, users: users, items: items, weights: [2, 3, 4, 5])
    #expect(weighted.byUser.indices == [1, 2, 1] && weighted.byUser.weights == [5, 6, 3])
    #expect(weighted.byItem.offsets == [0, 0, 2, 3] && weighted.byItem.weights == [5, 3, 6])
  }

  @Test func nothingIsAMatrixToo() {
    let none = InteractionMatrix(userCount: 0, itemCount: 0, users: [], items: [])
    #expect(none.userCount == 0 && none.itemCount == 0 && none.count == 0)
    let empty = InteractionMatrix(userCount: 2, itemCount: 3, users: [], items: [])
    #expect(empty.byUser.offsets == [0, 0, 0] && empty.byItem.offsets == [0, 0, 0, 0])
  }
}
