import Foundation
import TwoTowerKernels

/// Measurements that belong together and run in a process of their own.
struct Suite: Sendable {
  let name: String
  let summary: String
  var isLong = false
  let run: @Sendable (Session) throws -> Void

  static var all: [Suite] {
    let all: [Suite?] = [
      .sgemm, .retrievalLoss, .steadyMemory, .fullSoftmax(.adagrad), .fullSoftmax(.adam), .embeddingBag, .optimizers, .evaluation,
      .topK, .lastfm, .tenMillion,
    ]
    return all.compactMap { $0 }
  }

  func runInOwnProcess(isQuick: Bool, repeats: Int) throws -> SuiteReport {
    let process = Process()
    process.executableURL = Bundle.main.executableURL
    process.arguments = ["suite", name, "--repeats", "\(repeats)", "--threads", "\(Parallelism.threadCount)"]
      + (isQuick ? ["--quick"] : [])
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw SuiteFailure(description: "suite \(name) ended with status \(process.terminationStatus)")
    }
    return try JSONDecoder().decode(SuiteReport.self, from: bytes)
  }
}

struct SuiteFailure: Error, CustomStringConvertible {
  let description: String
}
