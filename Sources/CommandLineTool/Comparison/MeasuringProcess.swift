import Foundation
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerTraining

/// A fit, or the evaluation of a run, in a process of its own, so that its seconds and its memory are its own.
struct MeasuringProcess {
  /// The verb and what follows it.
  var arguments: [String]
  /// An empty folder for what the process writes.
  let folder: String

  /// What the process wrote, as it is and as it is read.
  struct Result {
    var fit: MeasuredFit
    var report: Data
    var users: Data?
  }

  /// Runs the process.
  ///
  /// - Parameters:
  ///   - isOfFit: whether it fits; an evaluation takes no seconds that are told.
  ///   - progress: shown the newest line of what it says.
  /// - Throws: `Interrupted` when a signal came, with the process ended; `Failure` with what it reported.
  func run(isOfFit: Bool, progress: (String) -> Void) throws -> Result {
    let (output, errors) = (folder + "/report.json", folder + "/messages.txt")
    let process = Process()
    // The binary itself: the name it was called by may be a link, or found on the PATH.
    process.executableURL = Bundle.main.executableURL
    process.arguments = arguments + ["--json"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try file(output)
    process.standardError = try file(errors)
    do { try process.run() } catch {
      throw Failure(.defect, "a fit cannot be started: \(error.localizedDescription)")
    }
    while process.isRunning {
      if let signal = Interrupts.pending {
        // Nothing of it is kept, so there is no state to wait for.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        throw Interrupted(signal: signal)
      }
      if Terminal.errorIsTerminal, let line = lines(errors).last { progress(line) }
      usleep(20_000)
    }
    process.waitUntilExit()
    try Interrupts.check()  // a terminal sends its signals to the child as well
    guard process.terminationReason == .exit else {
      let hint =
        process.terminationStatus == SIGKILL ? ": memory may have run out; compare fewer or smaller models" : ""
      throw Failure(.defect, "the fit was ended by signal \(process.terminationStatus)\(hint)")
    }
    guard process.terminationStatus == 0 else {
      let line =
        lines(errors).last { $0.contains("error:") }
        ?? "the fit ended with status \(process.terminationStatus)"
      let message = line.components(separatedBy: "error: ").dropFirst().joined(separator: "error: ")
      throw Failure(
        ExitStatus(rawValue: process.terminationStatus) ?? .defect, message.isEmpty ? line : message)
    }
    let report = FileManager.default.contents(atPath: output) ?? Data()
    let users = FileManager.default.contents(atPath: usersPath)
    do {
      let fit = MeasuredFit(
        report: try FitReport(json: report, isOfFit: isOfFit), users: users.flatMap(UserFigures.init(json:)))
      return Result(fit: fit, report: report, users: users)
    } catch {
      throw Failure(.defect, "a defect of twotower, please report it: \(error)")
    }
  }

  /// Where the process is to write the figures of each user.
  var usersPath: String { folder + "/users.json" }

  private func file(_ path: String) throws -> FileHandle {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw Failure(.cannotWrite, "\(path): cannot write: \(systemErrorText())") }
    return file
  }

  private func lines(_ path: String) -> [String] {
    let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(whereSeparator: \.isNewline).map(String.init)
  }
}
