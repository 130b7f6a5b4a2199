import Foundation
import TwoTowerAutodiff
import TwoTowerDatasets
import TwoTowerEvaluation
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerTraining

extension Suite {
  /// Nil without the set at hand.
  static var lastfm: Suite? {
    guard let folder = ProcessInfo.processInfo.environment["TWOTOWER_LASTFM"], !folder.isEmpty else { return nil }
    return Suite(name: "lastfm", summary: "Reading and indexing the whole Last.fm folder, checksums included.") {
      session in
      let bytes = try byteCount(ofFolder: folder)
      try session.measure(
        session.threadCounts.map { threads in
          Case(name: "read", threads: threads, work: Double(bytes), unit: .bytes) {
            _ = try readHetRec(folder: folder)
          }
        })
    }
  }

  /// From files to figures at a size that no longer fits in any cache.
  static let tenMillion = Suite(
    name: "ten-million", summary: "10,000,000 made-up interactions: read, train for an epoch, evaluate.", isLong: true
  ) { session in
    let folder = FileManager.default.temporaryDirectory.path + "/twotower-benchmark-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try writeSample(
      users: session.scale(500_000, quick: 5_000), artists: session.scale(1_000_000, quick: 10_000), seed: 1, to: folder)
    let peakAfterWriting = Machine.peakBytes

    let bytes = try byteCount(ofFolder: folder)
    let dataset = try session.stage("read", work: Double(bytes), unit: .bytes) { try readHetRec(folder: folder) }
    let split = onePlayHeldOut(of: dataset, users: session.scale(10_000, quick: 1_000))

    let recipe = Recipe.identifiersOnly(dimension: 64, batchSize: session.scale(8_192, quick: 1_024))
    let data = try session.stage("features", work: Double(split.train.count), unit: .rows) {
      try prepare(dataset, split: split, recipe: recipe)
    }
    let models = try ModelSet(recipe.models, data: data)
    try session.stage("one epoch of in-batch softmax, d 64", work: Double(data.training.count), unit: .rows) {
      var state = TrainingState()
      try Trainer(recipe: recipe, data: data, models: models).run(from: &state)
    }
    guard let model = models.retrieval else { return }
    try session.stage("evaluate \(split.test.count) users", work: Double(split.test.count), unit: .rows) {
      _ = try evaluateRetrieval(
        queries: model.queryEmbeddings(count: data.userCount),
        candidates: model.candidateEmbeddings(count: data.itemCount), truth: data.testTruth, seed: 1)
    }
    session.remark(
      "\(dataset.interactions.count) interactions of \(dataset.users.count) users with \(dataset.items.count) artists, "
        + "\(dataset.tagAssignments.count) tag assignments, \(dataset.friendships.count) friend pairs; "
        + "peak after writing them, before reading: \(peakAfterWriting / 1_000_000) MB.")
  }
}

private func byteCount(ofFolder folder: String) throws -> Int {
  try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, name in
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
    return sum + (attributes[.size] as? Int ?? 0)
  }
}

/// The last interaction of each of `userCount` users, spread evenly over all users, is held out.
private func onePlayHeldOut(of dataset: Dataset, users userCount: Int) -> Split {
  var lastRow = [Int32](repeating: -1, count: dataset.users.count)
  for (row, user) in dataset.interactions.users.enumerated() { lastRow[Int(user)] = Int32(row) }
  let stride = max(1, dataset.users.count / userCount)
  var split = Split(train: [], test: [])
  for (row, user) in dataset.interactions.users.enumerated() {
    let isHeldOut = lastRow[Int(user)] == Int32(row) && Int(user) % stride == 0 && split.test.count < userCount
    if isHeldOut { split.test.append(Int32(row)) } else { split.train.append(Int32(row)) }
  }
  return split
}
