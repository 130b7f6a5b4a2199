import Foundation
import TestSupport

/// The built binary, found beside the test bundle.
enum Tool {
  static let path: String = {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let places = [bundle.deletingLastPathComponent()] + Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    for place in places {
      let path = place.appendingPathComponent("twotower").path
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    preconditionFailure("no binary 'twotower' beside the test bundle in \(places.map(\.path)): swift build makes it")
  }()

  static let checkout = repositoryFolder

  static let sample = checkout + "/Data/sample"
}

/// What a finished process left.
struct Outcome: Sendable, CustomStringConvertible {
  let status: Int32
  let output: String
  let errors: String

  /// Lines of standard error that report an error.
  var errorLines: [String] { lines(errors).filter { $0.contains("error:") } }
  var outputLines: [String] { lines(output) }
  var description: String { "status \(status)\n--- stdout\n\(output)\n--- stderr\n\(errors)" }

  /// The object that standard output is; nil when it is anything else.
  var json: [String: Any]? { (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] }

  private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
}

/// A running `twotower`, its output going to files so that no pipe can fill up.
final class ToolProcess {
  private let process = Process()
  private let folder: TemporaryFolder

  /// - Parameters:
  ///   - shell: a command line for `sh` that starts the binary as `"$@"`, such as one that sets limits.
  ///   - environment: added to a plain environment without `TWOTOWER_HOME`.
  init(
    _ arguments: [String], shell: String? = nil, input: String? = nil, environment: [String: String] = [:],
    workingFolder: String? = nil
  ) throws {
    signal(SIGPIPE, SIG_IGN)  // a tool that ends early must not end the tests
    folder = try TemporaryFolder()
    for name in ["in", "out", "err"] { try folder.write(name, name == "in" ? input ?? "" : "") }
    process.executableURL = URL(fileURLWithPath: shell == nil ? Tool.path : "/bin/sh")
    process.arguments = shell.map { ["-c", $0, "sh", Tool.path] + arguments } ?? arguments
    var variables = ProcessInfo.processInfo.environment
    variables["TWOTOWER_HOME"] = nil
    process.environment = variables.merging(environment) { $1 }
    if let workingFolder { process.currentDirectoryURL = URL(fileURLWithPath: workingFolder) }
    process.standardInput = FileHandle(forReadingAtPath: folder("in"))
    process.standardOutput = FileHandle(forWritingAtPath: folder("out"))
    process.standardError = FileHandle(forWritingAtPath: folder("err"))
    try process.run()
  }

  var errors: String { text("err") }
  var isRunning: Bool { process.isRunning }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until standard error contains `text`; false when the process ends or a minute passes without it.
  func waits(forError text: String) -> Bool { waits { errors.contains(text) } }

  /// Waits until something has come about; false when the process ends or a minute passes without it.
  func waits(until hasCome: () -> Bool) -> Bool {
    let limit = Date() + 60
    while !hasCome() {
      if !process.isRunning || Date() > limit { return hasCome() }
      usleep(1_000)
    }
    return true
  }

  /// Waits until the process has taken every signal that was sent to it.
  func waitsForSignals() -> Bool {
    waits {
      let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
      let pending = status?.split(separator: "\n").filter { $0.hasPrefix("SigPnd:") || $0.hasPrefix("ShdPnd:") } ?? []
      return pending.count == 2 && pending.allSatisfy { $0.split(separator: "\t").last?.allSatisfy { $0 == "0" } == true }
    }
  }

  func finish() -> Outcome {
    process.waitUntilExit()
    let status = process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    return Outcome(status: status, output: text("out"), errors: text("err"))
  }

  private func text(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: folder(name)) ?? Data(), as: UTF8.self)
  }
}

/// Runs `twotower` to its end.
@discardableResult
func twotower(
  _ arguments: String..., shell: String? = nil, input: String? = nil, environment: [String: String] = [:],
  workingFolder: String? = nil
) throws -> Outcome {
  try twotower(
    arguments, shell: shell, input: input, environment: environment, workingFolder: workingFolder)
}

@discardableResult
func twotower(
  _ arguments: [String], shell: String? = nil, input: String? = nil, environment: [String: String] = [:],
  workingFolder: String? = nil
) throws -> Outcome {
  try ToolProcess(
    arguments, shell: shell, input: input, environment: environment, workingFolder: workingFolder
  ).finish()
}
