import TwoTowerKernels

/// Numbers about a user and an item together, computed on demand for ranking given candidates.
///
/// A pair that is a training row is left out of its own numbers: they are the same whether it is trained on or asked
/// for. Memory is that of the tables, plus a few numbers per item and per term.
package struct PairFeatures: Sendable {
  package let tables: PairTables
  private let vectors: TagVectors
  /// The user of each entry of `tables.training`.
  private let owners: [Int32]
  private let itemUsers: Grouping
  private let standardiser: Standardiser

  package init(_ tables: PairTables) {
    self.tables = tables
    vectors = TagVectors(tables)
    owners = tables.training.owners
    itemUsers = Grouping(keys: tables.training.indices, groupCount: tables.itemCount)
    standardiser = Standardiser(means: tables.means, scales: tables.scales)
  }

  /// Numbers per pair.
  package var width: Int { tables.statistics.count }
  package var names: [String] { tables.statistics.map(\.rawValue) }

  /// The columns that tell nothing of what the user did with the item itself.
  package var contextColumns: [Int] { tables.statistics.indices.filter { !tables.statistics[$0].isOfThePairItself } }

  /// The numbers of each pair `(users[k], items[k])`, standardised by the training rows: `[count, width]`, row-major.
  ///
  /// - Complexity: pairs are best asked for together, as each distinct item costs a pass over its users' items.
  /// - Precondition: as many users as items, numbered as in the data set.
  package func values(users: [Int32], items: [Int32]) -> [Float] {
    var values = rawValues(users: users, items: items)
    standardiser.apply(to: &values)
    return values
  }

  /// As `values(users:items:)`, of raw scale.
  package func rawValues(users: [Int32], items: [Int32]) -> [Float] {
    precondition(users.count == items.count, "PairFeatures: \(users.count) users, \(items.count) items")
    precondition(
      users.allSatisfy { $0 >= 0 && Int($0) < tables.userCount }
        && items.allSatisfy { $0 >= 0 && Int($0) < tables.itemCount },
      "PairFeatures: a pair beyond the \(tables.userCount) users and \(tables.itemCount) items")
    var values = [Float](repeating: 0, count: users.count * width)
    let wanted = Columns(tables.statistics)
    setUserSided(&values, users: users, items: items, wanted)
    if wanted.needsSimilarity { setSimilarities(&values, users: users, items: items, wanted) }
    return values
  }

  /// What is found user by user: own tags, friends and tastes.
  private func setUserSided(_ values: inout [Float], users: [Int32], items: [Int32], _ columns: Columns) {
    let groups = Grouping(keys: users, groupCount: tables.userCount)
    let (needsTagProfile, needsFriends) = (columns.needsTagProfile, columns.needsFriends)
    var profile = TagProfile(tables, vectors)
    var friends = FriendSums(tables)
    for user in 0..<tables.userCount where !groups.range(of: user).isEmpty {
      if needsTagProfile { profile.load(user: user) }
      if needsFriends { friends.load(user: user) }
      let tagging = UserTagging(tables, user: user)
      for position in groups.range(of: user) {
        let row = Int(groups.order[position])
        let item = items[row]
        let pair = tables.tagged.entry(row: user, index: item)
        tagging.set(&values, row, pair: pair, columns)
        if needsFriends {
          let (count, meanLabel) = friends.summary(item: Int(item))
          columns.set(&values, row, .friendsWithItem, count)
          columns.set(&values, row, .friendsMeanLabel, meanLabel)
        }
        if needsTagProfile {
          let isTraining = tables.training.entry(row: user, index: item) != nil
          let cosines = profile.cosines(item: Int(item), isTraining: isTraining, pair: pair)
          columns.set(&values, row, .tagCosine, cosines.items)
          columns.set(&values, row, .givenTagCosine, cosines.given)
        }
      }
    }
  }

  /// What is found item by item: similarities to the user's other items.
  private func setSimilarities(_ values: inout [Float], users: [Int32], items: [Int32], _ columns: Columns) {
    let groups = Grouping(keys: items, groupCount: tables.itemCount)
    var similarity = ItemSimilarity(tables, users: itemUsers, owners: owners)
    for item in 0..<tables.itemCount where !groups.range(of: item).isEmpty {
      similarity.load(item: item)
      for position in groups.range(of: item) {
        let row = Int(groups.order[position])
        let user = Int(users[row])
        let isTraining = tables.training.entry(row: user, index: Int32(item)) != nil
        let summary = similarity.summary(user: user, isTraining: isTraining)
        columns.set(&values, row, .meanSimilarity, summary.mean.squareRoot())
        columns.set(&values, row, .maximumSimilarity, summary.maximum)
        columns.set(&values, row, .similarLabel, summary.label)
      }
    }
  }

  /// Where each number goes.
  struct Columns {
    private var columns = [Int](repeating: -1, count: PairStatistic.allCases.count)
    private let width: Int

    init(_ statistics: [PairStatistic]) {
      width = statistics.count
      for (column, statistic) in statistics.enumerated() { columns[statistic.number] = column }
    }

    private func contains(_ statistics: PairStatistic...) -> Bool {
      statistics.contains { columns[$0.number] >= 0 }
    }

    var needsTagProfile: Bool { contains(.tagCosine, .givenTagCosine) }
    var needsFriends: Bool { contains(.friendsWithItem, .friendsMeanLabel) }
    var needsSimilarity: Bool { contains(.meanSimilarity, .maximumSimilarity, .similarLabel) }

    func set(_ values: inout [Float], _ row: Int, _ statistic: PairStatistic, _ value: Float) {
      let column = columns[statistic.number]
      if column >= 0 { values[row * width + column] = value }
    }
  }
}
