import Testing
import TwoTowerDatasets

struct SplitKindTests {
  /// One user, unless others are given, with a row at each of `times`.
  private func interactions(_ times: [Int64], users: [Int32]? = nil) -> Interactions {
    Interactions(
      users: users ?? times.map { _ in 0 }, items: times.indices.map(Int32.init), weights: times.map { _ in 1 },
      timestamps: times)
  }

  /// The first rows train, the last `testCount` test.
  private func kind(_ times: [Int64], testCount: Int) -> SplitKind {
    let rows = times.indices.map(Int32.init)
    return Split(train: rows.dropLast(testCount), test: rows.suffix(testCount)).kind(in: interactions(times))
  }

  @Test func testRowsThatAreNotEarlierMakeASplitTemporal() {
    #expect(kind([1, 2, 3, 4, 5, 6], testCount: 2) == .temporal)
    #expect(kind([3, 1, 4, 2, 6, 5], testCount: 2) == .temporal, "the order of rows is not that of times")
    #expect(kind([1, 2, 2, 3, 3, 4], testCount: 2) == .temporal, "a tie at the cut")
    #expect(kind([1, 2, 3, 3, 3, 4], testCount: 2) == .random, "half of the training rows have the latest time")
    #expect(kind([1, 2, 3, 5, 4, 6], testCount: 2) == .random)
    #expect(kind([5, 6, 7, 8, 1, 2], testCount: 2) == .random)
    #expect(kind([1, 2, 3, 4], testCount: 0) == .temporal, "whoever asks comes later")
  }

  @Test func oneRowInAHundredMayBeOutOfOrder() {
    var times = (0..<1_000).map(Int64.init)
    for row in 0..<7 { times.swapAt(row, 700 + row) }
    #expect(kind(times, testCount: 300) == .random, "7 of 300 test rows are earlier")
    times = (0..<1_000).map(Int64.init)
    for row in 0..<2 { times.swapAt(row, 700 + row) }
    #expect(kind(times, testCount: 300) == .temporal)
  }

  @Test func timesThatTellNothingApartMakeNone() {
    #expect(kind([7, 7, 7, 7, 7, 7], testCount: 2) == .random)
    #expect(kind([1, 7, 7, 7, 7, 8], testCount: 0) == .temporal)
    #expect(kind([1, 7, 7, 7, 7, 7], testCount: 2) == .random, "most have the latest time")
    #expect(kind([.min, .min, 3, 4, 5, 6], testCount: 2) == .random, "rows without a time")
    #expect(kind([1, 2, 3, 4, .min, 6], testCount: 2) == .random)
    #expect(kind([], testCount: 0) == .random && kind([4], testCount: 0) == .random)
    let rows: [Int32] = [0, 1, 2, 3]
    let untimed = Interactions(users: [0, 0, 0, 0], items: rows, weights: [1, 1, 1, 1])
    #expect(Split(train: rows, test: []).kind(in: untimed) == .random)
    // Users are held out at random.
    #expect(Split(train: [0, 1, 2], test: [], given: [], hidden: [3]).kind(in: interactions([1, 2, 3, 4])) == .random)
  }

  @Test func theLatestTrainingRowsOfATemporalSplitAreHeldOut() throws {
    // Training rows in an order of their own; the rows of the last two are the test's.
    let data = interactions([50, 20, 40, 30, 20, 10, 60, 70])
    let split = Split(train: [5, 0, 4, 2, 1, 3], test: [6, 7])
    let halves = try holdOutValidation(share: 0.5, seed: 1, from: split, of: data)
    #expect(halves.kind == .temporal)
    #expect(halves.split.train == [5, 4, 1] && halves.split.test == [0, 2, 3])
    let another = try holdOutValidation(share: 0.5, seed: 2, from: split, of: data)
    #expect(another.split.test == halves.split.test, "nothing is drawn")
    // Of two rows of one time the later one goes.
    let most = try holdOutValidation(share: 0.67, seed: 1, from: split, of: data)
    #expect(most.split.train == [5, 4] && most.split.test == [0, 2, 1, 3])
  }

  @Test func otherSplitsAreHeldOutAtRandomAsBefore() throws {
    let data = interactions((0..<200).map { Int64($0 * 7 % 200) })
    let split = Split(train: Array(0..<150), test: Array(150..<200))
    let found = try holdOutValidation(share: 0.3, seed: 4, from: split, of: data)
    let expected = try holdOut(share: 0.3, seed: 4, rows: split.train, purpose: .validation)
    #expect(found.kind == .random && found.split.train == expected.train && found.split.test == expected.test)
  }

  @Test func latestRowsThatAreAllOfNewUsersSayNothingOfAModel() throws {
    let split = Split(train: Array(0..<10), test: [10])
    let times = (0..<11).map(Int64.init)
    let users = (0..<11).map { Int32($0) }
    #expect(
      try holdOutValidation(share: 0.3, seed: 1, from: split, of: interactions(times, users: users)).kind == .random)
    var returning = users
    returning[9] = 0
    #expect(
      try holdOutValidation(share: 0.3, seed: 1, from: split, of: interactions(times, users: returning)).kind
        == .temporal)
  }

  @Test(arguments: [0, 1, 0.001, 2, .nan]) func sharesThatLeaveNothingAreRefused(share: Double) {
    let data = interactions([1, 2, 3, 4])
    #expect(throws: DatasetError.self) {
      try holdOutValidation(share: share, seed: 1, from: Split(train: [0, 1, 2], test: [3]), of: data)
    }
  }
}
