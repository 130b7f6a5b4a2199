import ArgumentParser
import TwoTowerKernels

/// How the process works, with no influence on its results.
struct ProcessOptions: ParsableArguments {
  @Option(help: "Threads to compute with; results are the same with any number. Default: the machine's cores.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 1024")
    }
  }

  func apply() {
    if let threads { Parallelism.threadCount = threads }
  }
}
