import TwoTowerDatasets
import TwoTowerKernels

extension FeatureBuilder {
  /// Training rows from which the scale of pair features is taken, evenly spread, when there are more.
  private static var scaleRows: Int { 1 << 20 }

  /// Features of (user, item) pairs, standardised by the training rows.
  ///
  /// - Throws: `FeatureError.size`.
  package func pairFeatures() throws -> PairFeatures {
    var tables = try pairTables()
    let step = (split.train.count + Self.scaleRows - 1) / Self.scaleRows
    let sample = stride(from: 0, to: split.train.count, by: max(1, step)).map { Int(split.train[$0]) }
    let raw = PairFeatures(tables).rawValues(
      users: sample.map { dataset.interactions.users[$0] }, items: sample.map { dataset.interactions.items[$0] })
    let standardiser = Standardiser(fitting: raw, width: tables.statistics.count)
    tables.means = standardiser.means
    tables.scales = standardiser.scales
    return PairFeatures(tables)
  }

  /// The pair features of training rows, by position in `split.train`: `[rows.count, width]`, row-major.
  package func trainingValues(of features: PairFeatures, rows: Range<Int>) -> [Float] {
    let interactions = dataset.interactions
    return features.values(
      users: split.train[rows].map { interactions.users[Int($0)] },
      items: split.train[rows].map { interactions.items[Int($0)] })
  }

  private func pairTables() throws -> PairTables {
    let training = SparseRows(trainingPairs.lists, weights: trainingPairs.positions.map { labels[Int($0)] })
    let friends = SparseRows(
      counting: dataset.friendships.users, indices: dataset.friendships.friends, rowCount: dataset.users.count,
      indexCount: dataset.users.count
    ).withWeights()
    // Summed in double precision: a mean of millions of labels.
    let sum = training.weights.reduce(0.0) { $0 + Double($1) }
    let tagging = try taggedPairs()
    return PairTables(
      statistics: settings.pairStatistics, labelScaling: labelScaler.scaling, itemCount: dataset.items.count,
      termCount: tagVocabulary.size, training: training, friends: friends, tagged: tagging.pairs,
      taggedFlags: tagging.flags,
      taggedTimes: tagging.times, terms: tagging.terms, meanLabel: Float(sum / Double(max(1, training.weights.count))))
  }

  /// Every (user, item) with tags, held-out ones included, and the terms of the others.
  private func taggedPairs() throws -> (pairs: SparseRows, flags: [Int32], times: [Float], terms: SparseRows) {
    let all = dataset.tagAssignments
    let pairs = SparseRows(
      counting: all.users, indices: all.items, rowCount: dataset.users.count, indexCount: dataset.items.count)
    let users = pairs.owners
    var flags = (0..<pairs.indices.count).map { pair -> Int32 in
      testItems.contains(user: users[pair], item: pairs.indices[pair]) ? PairTables.heldOut : 0
    }

    var newest = [Int64](repeating: TimeScale.missing, count: pairs.indices.count)
    var pairOfAssignment = [Int32](repeating: -1, count: all.count)
    for assignment in all.users.indices {
      guard let pair = pairs.entry(row: Int(all.users[assignment]), index: all.items[assignment]) else { continue }
      newest[pair] = max(newest[pair], all.timestamps[assignment])
      if flags[pair] & PairTables.heldOut == 0 { pairOfAssignment[assignment] = Int32(pair) }
    }
    let terms = try termPairs(of: pairOfAssignment, tags: all.tags, in: tagVocabulary)
    let trained = newest.indices.filter {
      newest[$0] != TimeScale.missing && trainingPairs.contains(user: users[$0], item: pairs.indices[$0])
    }
    let scale = TimeScale(times: trained.map { newest[$0] }, bucketCount: 1, imputation: .unknown)
    for pair in flags.indices where newest[pair] != TimeScale.missing { flags[pair] |= PairTables.timeKnown }
    return (
      pairs, flags, newest.map { scale?.standardised($0) ?? 0 },
      SparseRows(
        counting: terms.owners, indices: terms.terms, rowCount: pairs.indices.count, indexCount: tagVocabulary.size)
    )
  }
}
