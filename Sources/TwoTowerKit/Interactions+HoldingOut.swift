import TwoTowerDatasets

extension Interactions {
  /// Puts a share of each user's rows aside, at random, to measure a model on what it was not fitted on.
  ///
  /// Both parts keep the whole catalogue and all users, so that an item whose only rows are held out stays an item that
  /// can be recommended. A user with one row only trains.
  ///
  /// ```swift
  /// let (training, heldOut) = try data.holdingOut(0.2, seed: 1)
  /// ```
  ///
  /// - Parameters:
  ///   - share: of each user's rows, rounded to the nearest row; between 0 and 1.
  ///   - seed: the same seed gives the same rows.
  /// - Throws: ``TwoTowerError/interactions(row:problem:)`` where one part would have no row.
  public func holdingOut(_ share: Double, seed: UInt64 = 1) throws(TwoTowerError) -> (
    training: Interactions, heldOut: Interactions
  ) {
    let split: Split
    do throws(DatasetError) { split = try holdOutByUser(share: share, seed: seed, dataset: dataset) } catch {
      throw .interactions(
        row: nil,
        problem: "holding out a share of \(share) of each user's rows leaves no row on one side: "
          + "take a share between 0 and 1, and users with several rows")
    }
    return (keeping(split.train), keeping(split.test))
  }

  private func keeping(_ rows: [Int32]) -> Interactions {
    func kept<Value>(_ column: [Value]) -> [Value] { column.isEmpty ? [] : rows.map { column[Int($0)] } }
    let all = dataset.interactions
    var part = dataset
    part.interactions = TwoTowerDatasets.Interactions(
      users: kept(all.users), items: kept(all.items), weights: kept(all.weights), timestamps: kept(all.timestamps))
    return Interactions(part)
  }
}
