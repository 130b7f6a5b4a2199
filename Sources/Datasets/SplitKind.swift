/// How the rows that are held out of a data set were taken, and so how validation rows are taken from the rest.
package enum SplitKind: String, Sendable, Equatable {
  /// From any time.
  case random
  /// From the end: what is measured comes after what is trained on.
  case temporal
}

extension Split {
  /// Temporal where the test rows are not earlier than the training rows, or where nothing is held out and rows have
  /// times: whoever is recommended something comes later.
  ///
  /// One row in a hundred on either side may be out of order. Random where as many rows have no time, and where half of
  /// the training rows or more have the latest time: such times tell nothing apart.
  ///
  /// - Complexity: O(n log n) in the rows; none are looked at where the data has no times.
  package func kind(in interactions: Interactions) -> SplitKind {
    guard !interactions.timestamps.isEmpty, train.count > 1, !test.isEmpty || hidden.isEmpty else { return .random }
    func times(_ rows: [Int32]) -> [Int64] { rows.map { interactions.timestamps[Int($0)] }.sorted() }
    let training = times(train)
    let strays = training.count / 100
    // Rows without a time are the earliest.
    guard training[strays] > Int64.min else { return .random }
    let next = test.isEmpty ? training[training.count - 1] : times(test)[test.count / 100]
    return training[training.count / 2] < next && training[training.count - 1 - strays] <= next ? .temporal : .random
  }
}

/// Puts `share` of the training rows of `split` aside to validate on, as the split itself holds rows out: the latest of
/// a temporal one, equal times in the order of the rows, and rows at random by `seed` of any other.
///
/// Both sides keep the order of the rows. Where none of the latest rows is of a user with earlier ones, they would say
/// nothing of a model: rows are taken at random then.
///
/// - Returns: the training rows that are left, with the validation rows as test rows, and how these were taken.
/// - Throws: `DatasetError.emptySplit` where one side would have no row.
package func holdOutValidation(
  share: Double, seed: UInt64, from split: Split, of interactions: Interactions
) throws(DatasetError) -> (split: Split, kind: SplitKind) {
  let random = try holdOut(share: share, seed: seed, rows: split.train, purpose: .validation)
  guard split.kind(in: interactions) == .temporal else { return (random, .random) }
  let order = split.train.indices.sorted {
    (interactions.timestamps[Int(split.train[$0])], $0) < (interactions.timestamps[Int(split.train[$1])], $1)
  }
  var isLate = [Bool](repeating: false, count: order.count)
  for position in order.suffix(random.test.count) { isLate[position] = true }
  let latest = partition(split.train, isTest: isLate)
  let known = Set(latest.train.map { interactions.users[Int($0)] })
  guard latest.test.contains(where: { known.contains(interactions.users[Int($0)]) }) else { return (random, .random) }
  return (latest, .temporal)
}
