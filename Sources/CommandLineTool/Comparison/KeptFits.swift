import Foundation
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerTraining

/// What one fit, or the evaluation of one run, came to.
struct MeasuredFit {
  var report: FitReport
  /// Nil for a model without lists.
  var users: UserFigures?
}

/// The finished fits of comparisons, in a folder: each is found again by all that decides it.
struct KeptFits {
  private let folder: String
  /// The binary, as another one may fit otherwise.
  private let tool: String

  /// - Throws: `Failure` for a folder that cannot be made.
  init(in folder: String) throws {
    self.folder = folder
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw Failure(.cannotWrite, "\(folder): cannot write: \(error.localizedDescription)")
    }
    guard let binary = Bundle.main.executablePath else {
      throw Failure(.defect, "a defect of twotower, please report it: the binary has no path")
    }
    tool = try MappedFile(path: binary).digest.sha256
  }

  /// The name of a fit's files.
  ///
  /// - Parameters:
  ///   - recipe: in YAML, its seed included.
  ///   - data: the digests of what was read.
  ///   - options: of the fit, those that decide figures.
  func name(label: String, seed: Int, recipe: String, data: [FileDigest], options: [String]) -> String {
    self.name(label, "seed-\(seed)", of: [recipe, "\(seed)"] + data.map(\.sha256) + options)
  }

  /// A label and a digest of the binary and of the parts.
  private func name(_ label: String, _ kind: String, of parts: [String]) -> String {
    let digest = SHA256.digest(of: Data(([tool] + parts).joined(separator: "\n").utf8).bytes)
    let plain = label.prefix(40).map { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) ? $0 : "-" }
    return "\(String(plain))-\(kind)-\(digest.prefix(16))"
  }

  /// The fit of this name; nil where it was not finished.
  func fit(_ name: String) -> MeasuredFit? {
    let manager = FileManager.default
    guard let json = manager.contents(atPath: reportPath(name)), let report = try? FitReport(json: json) else {
      return nil
    }
    return MeasuredFit(
      report: report, users: manager.contents(atPath: usersPath(name)).flatMap(UserFigures.init(json:)))
  }

  /// Keeps what a process wrote; the report, written last, says that the fit is whole.
  func keep(_ name: String, report: Data, users: Data?) throws {
    if let users { try AtomicFiles.write(users, to: usersPath(name)) }
    try AtomicFiles.write(report, to: reportPath(name))
  }

  // MARK: - Tuning

  /// Where the trials of a recipe are: those of any limit, so that a longer tuning goes on from a shorter one.
  ///
  /// - Parameter subject: what is tuned, on what.
  func logPath(of label: String, subject: String) -> String {
    "\(folder)/\(name(label, "trials", of: [subject])).json"
  }

  /// What tuning a recipe to a limit has found; nil where it was not finished.
  func outcome(of label: String, subject: String, limit: Tuner.Limit) -> TuningOutcome? {
    FileManager.default.contents(atPath: outcomePath(of: label, subject: subject, limit: limit))
      .flatMap { try? JSONDecoder().decode(TuningOutcome.self, from: $0) }
  }

  func keep(_ outcome: TuningOutcome, of label: String, subject: String, limit: Tuner.Limit) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFiles.write(
      try encoder.encode(outcome), to: outcomePath(of: label, subject: subject, limit: limit))
  }

  private func outcomePath(of label: String, subject: String, limit: Tuner.Limit) -> String {
    let limit = [limit.seconds.map { "\($0) s" }, limit.trials.map { "\($0) trials" }].compactMap(\.self)
    return "\(folder)/\(name(label, "tuned", of: [subject] + limit)).json"
  }

  private func reportPath(_ name: String) -> String { "\(folder)/\(name).json" }
  private func usersPath(_ name: String) -> String { "\(folder)/\(name).users.json" }
}
