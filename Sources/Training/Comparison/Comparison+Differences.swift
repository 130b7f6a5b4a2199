import TwoTowerEvaluation

extension Comparison {
  /// How the lists of an entry differ from those of the first one, user by user: each user's value is the mean over an
  /// entry's seeds.
  ///
  /// - Returns: recall and NDCG at their largest k; nothing for the first entry itself, or where the users of the two
  ///   are not the same.
  package func differencesFromFirst(
    of place: Int
  ) -> [(metric: MetricAtCutoff, difference: PairedDifference)] {
    guard place > 0, let users = entries[0].userFigures.first?.users, !users.isEmpty else { return [] }
    let pair = [entries[place], entries[0]]
    guard pair.allSatisfy({ !$0.userFigures.isEmpty && $0.userFigures.allSatisfy { $0.users == users } }) else {
      return []
    }
    return [RetrievalMetric.recall, .ndcg].compactMap { metric in
      let names = fitsOfFirst.flatMap { $0.metrics.seenExcluded.names }.filter { $0.metric == metric }
      guard let name = names.max(by: { $0.cutoff ?? 0 < $1.cutoff ?? 0 }) else { return nil }
      let values = pair.compactMap { $0.meanOverSeeds(name.path) }
      guard values.count == 2 else { return nil }
      return PairedDifference(values[0], against: values[1]).map { (name, $0) }
    }
  }

  private var fitsOfFirst: [FitReport] { entries[0].fits }
}

extension Comparison.Entry {
  /// Each user's mean over the seeds; nil where a seed lacks the metric.
  fileprivate func meanOverSeeds(_ path: String) -> [Double]? {
    let seeds = userFigures.compactMap { $0.values[path] }
    guard seeds.count == userFigures.count, let first = seeds.first else { return nil }
    return first.indices.map { user in seeds.reduce(0) { $0 + $1[user] } / Double(seeds.count) }
  }
}
