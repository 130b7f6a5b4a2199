import TwoTowerEvaluation
import TwoTowerFiles

/// What a fit spent its time on, in seconds of the wall clock.
///
/// Shown to people and by `fit --json`, never written into a run: its files are the same bytes every time.
package struct FitSeconds: Sendable, Equatable {
  /// The data's files; 0 for a resumed run, which has them in its folder.
  package var reading = 0.0
  /// The search for a recipe; 0 where one was named.
  package var search = 0.0
  /// What the towers see, fitted on the training rows.
  package var features = 0.0
  /// Building the models and all training steps, validation and checkpoints included, and the fit that the reranker is
  /// learnt from.
  package var training = 0.0
  /// Embeddings of all users and items, and every figure.
  package var evaluation = 0.0
  /// The run's folder.
  package var writing = 0.0

  package init() {}

  /// The parts in the order in which they happen.
  package var parts: [(name: String, seconds: Double)] {
    [
      ("reading", reading), ("search", search), ("features", features), ("training", training),
      ("evaluation", evaluation), ("writing", writing),
    ]
  }

  /// Features and training together.
  package var fit: Double { features + training }

  package var total: Double { parts.reduce(0) { $0 + $1.seconds } }

  /// The parts and their total, by name.
  package var json: JSONValue {
    .object((parts + [("total", total)]).map { (key: $0.name, value: .number($0.seconds)) })
  }
}

extension FitSeconds: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case reading, search, features, training, evaluation, writing, total
  }

  /// Reads what `json` writes.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(ofOnly: CodingKeys.self)
    func seconds(_ key: CodingKeys) throws -> Double { try container.decode(Double.self, forKey: key) }
    reading = try seconds(.reading)
    search = try seconds(.search)
    features = try seconds(.features)
    training = try seconds(.training)
    evaluation = try seconds(.evaluation)
    writing = try seconds(.writing)
  }
}

/// Measures one stretch of work after another.
package struct Stopwatch {
  private var lapStarted = ContinuousClock.now

  package init() {}

  /// The seconds since the last lap, or since the start.
  package mutating func lap() -> Double {
    let now = ContinuousClock.now
    defer { lapStarted = now }
    return (now - lapStarted) / .seconds(1)
  }
}
