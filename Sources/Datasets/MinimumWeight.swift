extension Dataset {
  /// Leaves out interactions that weigh less than `minimum`: they neither train nor count as right.
  ///
  /// Users and items keep their numbers, also those that have no row any more.
  /// - Parameter split: of the data as it was; its rows are numbered anew, without those left out.
  /// - Returns: how many interactions were left out.
  /// - Throws: `DatasetError.everyRowTooLight` where none is left.
  package mutating func leaveOutInteractions(
    lighterThan minimum: Float, split: inout Split?
  ) throws(DatasetError) -> Int {
    let all = interactions
    let kept = all.weights.indices.filter { all.weights[$0] >= minimum }
    guard kept.count < all.count else { return 0 }
    guard !kept.isEmpty else {
      throw .everyRowTooLight(minimum: minimum, greatest: all.weights.max() ?? 0)
    }
    interactions.users = kept.map { all.users[$0] }
    interactions.items = kept.map { all.items[$0] }
    interactions.weights = kept.map { all.weights[$0] }
    if !all.timestamps.isEmpty { interactions.timestamps = kept.map { all.timestamps[$0] } }
    if let old = split {
      var numbers = [Int32](repeating: -1, count: all.count)
      for (number, row) in kept.enumerated() { numbers[row] = Int32(number) }
      func rest(_ rows: [Int32]) -> [Int32] { rows.map { numbers[Int($0)] }.filter { $0 >= 0 } }
      split = Split(
        train: rest(old.train), test: rest(old.test), given: rest(old.given), hidden: rest(old.hidden))
    }
    return all.count - kept.count
  }
}
