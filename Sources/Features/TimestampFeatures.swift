import Datasets

extension FeatureBuilder {
  /// When each user met an item is known for training rows alone: queries and held-out pairs see the imputed time.
  var timestampBucket: Feature {
    let size = settings.bucketCount + 1
    func column(_ times: [Int64]) -> FeatureColumn {
      .indices(times.map { timeScale?.bucket(of: $0) ?? 0 }, vocabularySize: size)
    }
    return Feature(
      name: FeatureName.timestampBucket.rawValue, entity: column(unknownTimes), perTrainingRow: column(trainingTimes))
  }

  var timestamp: Feature {
    func column(_ times: [Int64]) -> FeatureColumn {
      .dense(times.map { timeScale?.standardised($0) ?? 0 }, width: 1)
    }
    return Feature(
      name: FeatureName.timestamp.rawValue, entity: column(unknownTimes), perTrainingRow: column(trainingTimes))
  }

  private var unknownTimes: [Int64] { Array(repeating: TimeScale.missing, count: dataset.users.count) }

  /// The interactions' own times where the data has them, else the newest tag of the row's user on its item.
  static func times(
    rows: [Int32], interactions: Interactions, assignments: TagAssignments, assignmentRows: [Int32]
  ) -> [Int64] {
    guard interactions.timestamps.isEmpty else { return rows.map { interactions.timestamps[Int($0)] } }
    var times = [Int64](repeating: TimeScale.missing, count: rows.count)
    for (assignment, row) in assignmentRows.enumerated() where row >= 0 {
      times[Int(row)] = max(times[Int(row)], assignments.timestamps[assignment])
    }
    return times
  }
}
