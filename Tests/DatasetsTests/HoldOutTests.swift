import Testing
import TwoTowerDatasets
import TwoTowerKernels

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

  // MARK: - Users held out whole

  private func rows(_ users: [Int32], of data: Dataset) -> [Int] {
    data.interactions.users.indices.filter { users.contains(data.interactions.users[$0]) }
  }

  @Test(arguments: [0.2, 0.5], [0.5, 0.8, 0.99]) func usersAreHeldOutWhole(share: Double, given: Double) throws {
    let data = dataset([1, 2, 3, 10, 20, 5, 6, 7, 1, 9, 0, 4])
    let split = try holdOut(share: 0.3, seed: 4, dataset: data)
    let rest = try holdOutUsers(share: share, given: given, seed: 1, from: split, dataset: data)
    func users(_ rows: [Int32]) -> Set<Int32> { Set(rows.map { data.interactions.users[Int($0)] }) }
    let heldOut = users(rest.hidden)
    // Nine of the twelve have two rows or more.
    #expect(heldOut.count == Int((share * 9).rounded()))
    #expect(users(rest.given) == heldOut && heldOut.isDisjoint(with: users(rest.train + rest.test)))
    #expect(
      (rest.train + rest.test + rest.given + rest.hidden).sorted() == Array(0..<Int32(data.interactions.count)))
    #expect(rest.train == split.train.filter(rest.train.contains) && rest.test == split.test.filter(rest.test.contains))
    for user in heldOut {
      let all = rows([user], of: data).count
      let known = rest.given.count { data.interactions.users[Int($0)] == user }
      #expect(known == min(max(1, Int((given * Double(all)).rounded())), all - 1), "user \(user) of \(all) rows")
    }
  }

  @Test func theSeedDecidesWhichUsersAndRows() throws {
    let data = dataset([Int](repeating: 10, count: 40))
    let split = try holdOut(share: 0.3, seed: 4, dataset: data)
    func rest(_ seed: UInt64) throws -> Split {
      try holdOutUsers(share: 0.2, given: 0.8, seed: seed, from: split, dataset: data)
    }
    #expect(try rest(1).hidden == rest(1).hidden && rest(1).given == rest(1).given)
    #expect(try rest(1).hidden != rest(2).hidden)
  }

  @Test(arguments: [0, 1, -1, 0.01, Double.nan, .infinity]) func sharesOfUsersThatLeaveNothingAreRefused(share: Double) {
    let data = dataset([2, 2, 2, 2])
    let split = Split(train: Array(0..<8), test: [])
    #expect(throws: DatasetError.self, "share \(share)") {
      try holdOutUsers(share: share, given: 0.8, seed: 1, from: split, dataset: data)
    }
  }

  @Test func tagsAndFriendsGoWithTheirUsers() {
    var data = dataset([2, 2, 2])
    data.tagNames = ["a"]
    data.tagAssignments = TagAssignments(users: [0, 1, 2, 1], items: [0, 0, 1, 1], tags: [0, 0, 0, 0], timestamps: [1, 2, 3, 4])
    data.friendships = Friendships(users: [0, 1, 0, 2], friends: [1, 0, 2, 0])
    let rest = data.withoutTagsAndFriends(of: [1])
    #expect(rest.tagAssignments.users == [0, 2] && rest.tagAssignments.items == [0, 1])
    #expect(rest.tagAssignments.timestamps == [1, 3])
    #expect(rest.friendships.users == [0, 2] && rest.friendships.friends == [2, 0])
    #expect(rest.interactions.count == data.interactions.count)
    #expect(data.withoutTagsAndFriends(of: []).tagAssignments.count == 4)
  }
}
