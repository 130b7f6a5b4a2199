import Testing
import TwoTowerKernels

struct IndexListsTests {
  /// Random lists, some empty, ascending where wanted; the first seeds give no list and one.
  private func random(_ seed: Int, ascending: Bool) -> [[Int32]] {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample)
    return (0..<(seed < 2 ? seed : generator.below(8))).map { _ in
      let list = generator.indices(generator.below(3) * generator.below(5), below: 12)
      return ascending ? list.sorted() : list
    }
  }

  private func lists(_ naive: [[Int32]]) -> IndexLists {
    var lists = IndexLists()
    for list in naive {
      for index in list.prefix(2) { lists.append(index) }
      lists.append(contentsOf: list.dropFirst(2))
      lists.endList()
    }
    return lists
  }

  @Test(arguments: 0..<30) func holdTheListsTheyWereGiven(seed: Int) {
    let naive = random(seed, ascending: false)
    let lists = lists(naive)
    #expect(lists.count == naive.count)
    #expect((0..<lists.count).map { Array(lists[$0]) } == naive)
    #expect(lists.owners == naive.enumerated().flatMap { list in list.element.map { _ in Int32(list.offset) } })
    #expect(IndexLists(offsets: lists.offsets, indices: lists.indices) == lists)
    #expect(IndexLists.defect(offsets: lists.offsets, indices: lists.indices, below: 12, ascending: false) == nil)
  }

  @Test(arguments: 0..<30) func findWhatAscendingListsHave(seed: Int) {
    let naive = random(seed, ascending: true)
    let lists = lists(naive)
    for (number, list) in naive.enumerated() {
      let start = lists.range(of: number).lowerBound
      for index in Int32(-1)...13 {
        #expect(lists.entry(of: number, index: index) == list.firstIndex(of: index).map { start + $0 })
      }
      for low in 0..<13 {
        for high in low..<14 {
          let found = lists.entries(of: number, in: low..<high)
          #expect(lists.indices[found] == list.filter { (low..<high).contains(Int($0)) }[...])
        }
      }
    }
  }

  @Test func defectsAreNamed() {
    typealias Defect = IndexLists.Defect
    func defect(_ offsets: [Int32], _ indices: [Int32], ascending: Bool = true) -> Defect? {
      IndexLists.defect(offsets: offsets, indices: indices, below: 5, ascending: ascending)
    }
    for offsets: [Int32] in [[], [1, 2], [0, 1], [0, 3], [0, 2, 1, 2], [0, -1, 2]] {
      #expect(defect(offsets, [1, 2]) == .offsets)
    }
    #expect(defect([0, 1, 2], [1, 5]) == .index(5, after: -1, list: 1))
    #expect(defect([0, 2], [1, -1]) == .index(-1, after: 1, list: 0))
    #expect(defect([0, 2], [3, 3]) == .index(3, after: 3, list: 0))
    #expect(defect([0, 2], [3, 3], ascending: false) == nil && defect([0, 1, 2], [3, 0]) == nil)
    #expect(defect([0], []) == nil && defect([0, 0], []) == nil)
  }

  @Test func wrongOffsetsTrap() async {
    await #expect(processExitsWith: .failure) { _ = IndexLists(offsets: [0, 2, 1, 2], indices: [1, 2]) }
    await #expect(processExitsWith: .failure) { _ = IndexLists(offsets: [], indices: []) }
  }

  @Test func moreIndicesThanOffsetsCanNumberTrapWithTheirCount() async throws {
    #expect(IndexLists.offset(IndexLists.maximumCount) == Int32.max)
    let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = IndexLists.offset(IndexLists.maximumCount + 1)
    }
    let message = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(message.contains("2147483648 indices"))
  }
}
