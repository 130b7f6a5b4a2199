import Datasets
import Kernels
import Testing

/// `counts[u]` interactions for user u.
private func dataset(_ counts: [Int]) -> Dataset {
  var interactions = Interactions()
  for (user, count) in counts.enumerated() {
    for item in 0..<count {
      interactions.users.append(Int32(user))
      interactions.items.append(Int32(item))
      interactions.weights.append(1)
    }
  }
  let items = (0..<(counts.max() ?? 0)).map { "i\($0)" }
  return Dataset(
    name: "made up", users: IdentifierTable(counts.indices.map { "u\($0)" }), items: IdentifierTable(items),
    itemNames: items, interactions: interactions)
}

@Suite struct HoldOutTests {
  @Test(arguments: [2, 3, 10, 101, 1000], [0.25, 0.3, 0.5])
  func splitsAreDisjointAndWhole(rows: Int, share: Double) throws {
    let data = dataset([rows])
    let split = try holdOut(share: share, seed: 5, dataset: data)
    #expect(split.test.count == Int((share * Double(rows)).rounded()))
    #expect((split.train + split.test).sorted() == Array(0..<Int32(rows)))
    #expect(split.train == split.train.sorted())
    #expect(split.test == split.test.sorted())
  }

  @Test func seedsDecide() throws {
    let data = dataset([200, 300])
    let first = try holdOut(share: 0.3, seed: 1, dataset: data)
    #expect(try holdOut(share: 0.3, seed: 1, dataset: data).test == first.test)
    #expect(try holdOut(share: 0.3, seed: 2, dataset: data).test != first.test)
    let validation = try holdOut(share: 0.3, seed: 1, rows: Array(0..<500), purpose: .validation)
    #expect(validation.test != first.test)
  }

  @Test func everyRowIsEquallyLikely() throws {
    var counts = [Int](repeating: 0, count: 20)
    for seed in 0..<2_000 {
      for row in try holdOut(share: 0.3, seed: UInt64(seed), rows: Array(0..<20)).test { counts[Int(row)] += 1 }
    }
    // 600 expected, standard deviation 20.
    #expect(counts.allSatisfy { (480...720).contains($0) }, "\(counts)")
  }

  @Test func aShareOfRowsKeepsToThoseRows() throws {
    let split = try holdOut(share: 0.5, seed: 3, rows: [9, 4, 7, 1])
    #expect(split.test.count == 2)
    #expect(Set(split.train + split.test) == [9, 4, 7, 1])
  }

  @Test(arguments: [0, 1, -1, 2, Double.nan, .infinity, 0.001])
  func sharesThatLeaveNothingAreRefused(share: Double) {
    #expect(throws: DatasetError.self) { try holdOut(share: share, seed: 1, dataset: dataset([10])) }
    #expect(throws: DatasetError.self) {
      try holdOutByUser(share: share <= 0.001 ? share : 0, seed: 1, dataset: dataset([10]))
    }
  }

  @Test func byUserTakesTheShareOfEach() throws {
    let counts = [1, 2, 10, 50, 0, 3]
    let data = dataset(counts)
    let split = try holdOutByUser(share: 0.3, seed: 1, dataset: data)
    var tested = [Int](repeating: 0, count: counts.count)
    for row in split.test { tested[Int(data.interactions.users[Int(row)])] += 1 }
    #expect(tested == [0, 1, 3, 15, 0, 1])
    #expect((split.train + split.test).sorted() == Array(0..<66))
    let everything = try holdOutByUser(share: 1, seed: 1, dataset: data)
    #expect(everything.train.count == 5)
  }
}
