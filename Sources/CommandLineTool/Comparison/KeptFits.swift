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
    let parts = [tool, recipe, "\(seed)"] + data.map(\.sha256) + options
    let digest = SHA256.digest(of: Data(parts.joined(separator: "\n").utf8).bytes)
    let plain = label.prefix(40).map { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) ? $0 : "-" }
    return "\(String(plain))-seed-\(seed)-\(digest.prefix(16))"
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

  private func reportPath(_ name: String) -> String { "\(folder)/\(name).json" }
  private func usersPath(_ name: String) -> String { "\(folder)/\(name).users.json" }
}
