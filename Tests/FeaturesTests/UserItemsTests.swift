import Testing
import TwoTowerDatasets
import TwoTowerFeatures

struct UserItemsTests {
  @Test func listsAreSortedAndCounted() throws {
    let builder = try SmallData.standard.builder()
    let items = builder.trainingItems
    #expect(items.lists.offsets == [0, 3, 5, 6, 6])
    #expect(items.lists.indices == [0, 1, 2, 0, 2, 1])
    #expect(items.lists.weights == [4, 2, 1, 3, 5, 7])
    #expect(items.itemCounts == [2, 2, 2, 0, 0])
    #expect(Array(items.items(of: 1)) == [0, 2] && items.count(of: 3) == 0)
    #expect(builder.trainingCounts([4, 0, 0]) == [0, 2, 2])
    #expect(builder.testItems.itemCounts == [1, 0, 0, 1, 0])
    #expect(Array(builder.testItems.items(of: 1)) == [3])
  }

  @Test func findsExactlyThePairsOfItsRows() throws {
    let data = RandomData.make(seed: 21)
    let builder = try data.builder()
    let trained = Set(data.train.map { [data.interactions[Int($0)].user, data.interactions[Int($0)].item] })
    let heldOut = Set(data.test.map { [data.interactions[Int($0)].user, data.interactions[Int($0)].item] })
    for user in 0..<Int32(data.userCount) {
      for item in 0..<Int32(data.itemCount) {
        #expect(builder.trainingItems.contains(user: user, item: item) == trained.contains([user, item]))
        #expect(builder.testItems.contains(user: user, item: item) == heldOut.contains([user, item]))
      }
    }
  }

  @Test func vocabularyNumbersFromOne() {
    let vocabulary = Vocabulary(counts: [0, 3, 1, 2], minimumCount: 2)
    #expect(vocabulary.rows == [0, 1, 0, 2] && vocabulary.entities == [1, 3] && vocabulary.size == 3)
    #expect(Vocabulary(counts: [0, 1], minimumCount: 0).rows == [0, 1])
    #expect(Vocabulary(counts: []).size == 1)
  }
}
