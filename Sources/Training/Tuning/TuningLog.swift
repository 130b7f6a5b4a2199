import Foundation
import TwoTowerFiles

/// One fit of a tuning, and what it was worth.
package struct TuningTrial: Sendable, Codable, Equatable {
  package var recipe: String
  /// What was changed in the recipe, `path=value` with spaces between; empty for the recipe as it is.
  package var settings: String
  /// The share of the recipe's epochs that it was trained for.
  package var share: Double
  /// NDCG@20 on the validation sample; nil for settings that cannot be fitted.
  package var value: Double?
  package var seconds: Double
}

/// The trials of a tuning, in a file that an interrupted one goes on from.
package struct TuningLog: Codable {
  private static let currentFormat = 1

  private var format = TuningLog.currentFormat
  /// What the trials are of: data, seed and recipes.
  ///
  /// Trials of something else are worth nothing here.
  package let subject: String
  package private(set) var trials: [TuningTrial] = []
  private var path: String?

  private enum CodingKeys: String, CodingKey { case format, subject, trials }

  /// A log in memory.
  package init(subject: String) { self.subject = subject }

  /// The log in the file at `path`, or a new one that will be written there.
  ///
  /// - Throws: `TuningError.otherSubject` where the file is of another tuning, `.damaged`.
  package init(subject: String, path: String) throws {
    self.init(subject: subject)
    self.path = path
    guard PathKind(path) != .nothing else { return }
    let known: TuningLog
    do { known = try JSONDecoder().decode(TuningLog.self, from: Data(contentsOf: URL(fileURLWithPath: path))) } catch {
      throw TuningError.damaged(path)
    }
    guard known.format == Self.currentFormat, known.subject == subject else { throw TuningError.otherSubject(path) }
    trials = known.trials
  }

  /// The trial of these settings, where there was one.
  func known(_ recipe: String, _ settings: String, share: Double) -> TuningTrial? {
    trials.first { $0.recipe == recipe && $0.settings == settings && $0.share == share }
  }

  mutating func add(_ trial: TuningTrial) throws {
    trials.append(trial)
    guard let path else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFiles.write(try encoder.encode(self), to: path)
  }
}

package enum TuningError: UserFacingError {
  case otherSubject(String)
  case damaged(String)
  case nothingToTune

  package var description: String {
    switch self {
    case .otherSubject(let path):
      "\(path): found trials of other data, recipes or another seed: choose another --output"
    case .damaged(let path): "\(path): found no trials that this version wrote: choose another --output"
    case .nothingToTune:
      "no trial could be fitted on this data: name recipes that suit it"
    }
  }
}
