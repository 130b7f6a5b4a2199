import Foundation
import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerRuns
import TwoTowerServing
import TwoTowerTraining

/// Why something could not be done: every function of this module that throws, throws this.
///
/// Each description is one line that says where, what was found, and what to do.
public enum TwoTowerError: Error, Sendable, Equatable {
  /// The interactions cannot be used; `row`, from 0, is where, or nil where it is no single row.
  case interactions(row: Int?, problem: String)
  /// A setting is out of its range, or does not fit the data.
  case setting(name: String, problem: String)
  /// The model does not know this user; `similar` are identifiers that it knows, the most alike first.
  case unknownUser(String, similar: [String])
  /// The model does not know this item; `similar` are identifiers that it knows, the most alike first.
  case unknownItem(String, similar: [String])
  /// A question makes no sense: someone who likes nothing, a count below 0.
  case question(String)
  /// A model of this kind cannot answer the question.
  case unsupported(String)
  /// A folder is missing, was altered, or cannot be read or written.
  case storage(String)
  /// Fitting came to numbers that are not finite.
  case diverged(String)
  /// The progress callback, or the cancellation of the task, stopped the fit.
  case stopped
  /// A defect of this library.
  case unexpected(String)
}

extension TwoTowerError: CustomStringConvertible, LocalizedError {
  /// What happened, in one line.
  public var description: String {
    switch self {
    case .interactions(let row?, let problem): "row \(row) of the interactions: \(problem)"
    case .interactions(nil, let problem): "the interactions: \(problem)"
    case .setting(let name, let problem): "the setting \(name): \(problem)"
    case .unknownUser(let user, let similar): Self.unknown("user", user, similar)
    case .unknownItem(let item, let similar): Self.unknown("item", item, similar)
    case .question(let text), .unsupported(let text), .storage(let text), .diverged(let text): text
    case .stopped: "the fit was stopped before its end"
    case .unexpected(let text): "a defect of TwoTower: \(text)"
    }
  }

  /// The same as `description`.
  public var errorDescription: String? { description }

  private static func unknown(_ kind: String, _ identifier: String, _ similar: [String]) -> String {
    "the model knows no \(kind) \(identifier.quoted())"
      + (similar.isEmpty ? "" : "; did you mean \(similar.map { $0.quoted() }.joined(separator: ", "))?")
  }
}

extension TwoTowerError {
  /// What the engine's errors mean to a caller.
  package init(_ error: any Error) {
    switch error {
    case let error as TwoTowerError: self = error
    case TrainingError.interrupted, TrainingError.interruptedBaseline: self = .stopped
    case TrainingError.notFinite(_, let epoch, let step, let tensor, let learningRate):
      self = .diverged(
        "training diverged in epoch \(epoch), step \(step): \(tensor) is not finite: lower the learning rate "
          + "(now \(learningRate))")
    case BaselineError.setting(let name, let found, let expected):
      self = .setting(name: Self.swiftName(name), problem: "found \(found), expected \(expected)")
    case let error as BaselineError: self = .setting(name: "settings", problem: error.description)
    case let error as ScoringError: self = .diverged(error.description)
    case QuestionError.unfinished(let path):
      self = .storage("\(path): the run is not finished: its training was interrupted and has to be gone on with")
    case QuestionError.noRetrieval(let path):
      self = .unsupported("\(path): the run only ranks given items: it has no model that finds some")
    case QuestionError.noEmbeddings(_, let kind):
      self = .unsupported("a model of kind '\(kind)' has no vectors to compare items by: take one that has")
    case let error as QuestionError: self = .question(error.description)
    case let error as CheckpointError: self = .storage(error.description)
    case let error as FileError: self = .storage(error.description)
    case is PreparationError: self = .interactions(row: nil, problem: "found no rows to fit on, expected at least one")
    case let error as any UserFacingError: self = .interactions(row: nil, problem: error.description)
    default: self = .unexpected("\(error)")
    }
  }

  /// A setting of a recipe, such as `retrieval.training.batch-size`, as this module calls it: `batchSize`.
  static func swiftName(_ path: String) -> String {
    let words = (path.split(separator: ".").last { Int($0) == nil } ?? "").split(separator: "-")
    return words.prefix(1).joined() + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}

/// Does `body`, whose errors become this module's.
func translatingErrors<Result>(_ body: () throws -> Result) throws(TwoTowerError) -> Result {
  do { return try body() } catch { throw TwoTowerError(error) }
}
