import Foundation
import TwoTowerFiles
import TwoTowerTraining

/// A fit in a process of its own, so that its seconds and its memory are its own.
struct ChildFit {
  /// The arguments after `fit`.
  let arguments: [String]
  /// An empty folder for what the process prints.
  let folder: String

  /// Runs the fit and returns its report.
  ///
  /// - Parameter progress: shown the newest line of what the fit says.
  /// - Throws: `Interrupted` when a signal came, with the process ended; `Failure` with what the fit reported.
  func report(progress: (String) -> Void) throws -> FitReport {
    let (output, errors) = (folder + "/report.json", folder + "/messages.txt")
    let process = Process()
    // The binary itself: the name it was called by may be a link, or found on the PATH.
    process.executableURL = Bundle.main.executableURL
    process.arguments = ["fit"] + arguments + ["--json"]
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
    do { return try FitReport(json: FileManager.default.contents(atPath: output) ?? Data()) } catch {
      throw Failure(.defect, "a defect of twotower, please report it: \(error)")
    }
  }

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
