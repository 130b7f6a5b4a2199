import TwoTowerDatasets
import TwoTowerFiles
import TwoTowerRecommenders

/// What a run is, in a readable file: where its data came from, how much there was, and whether it is finished.
package struct RunRecord: Sendable, Codable, Equatable {
  /// The version of the layout of run folders that this code reads and writes.
  package static let currentFormat = 4

  package var format = RunRecord.currentFormat
  package var isFinished: Bool
  /// The name of the data set.
  package var dataset: String
  /// The files that were read, with their digests.
  package var files: [FileDigest]
  package var seed: UInt64
  /// Users, items, rows and parameters.
  package var counts: [String: Int]

  enum CodingKeys: String, CodingKey {
    case format, dataset, files, seed, counts
    case isFinished = "finished"
  }

  package init(isFinished: Bool, dataset: String, files: [FileDigest], seed: UInt64, counts: [String: Int]) {
    self.isFinished = isFinished
    self.dataset = dataset
    self.files = files
    self.seed = seed
    self.counts = counts
  }

  /// The record of a run on `data` that is not finished.
  package init(dataset: String, files: [FileDigest], seed: UInt64, data: TowerData) {
    var counts = [
      "users": data.userCount, "items": data.itemCount, "training_rows": data.training.count,
      "validation_rows": data.validation.count, "test_rows": data.test.count,
    ]
    if data.hidden.count > 0 {
      counts.merge(["given_rows": data.given.count, "hidden_rows": data.hidden.count]) { $1 }
    }
    self.init(isFinished: false, dataset: dataset, files: files, seed: seed, counts: counts)
  }
}
