import ArgumentParser
import TwoTowerKernels

@main
struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Benchmarks",
    abstract: "Measure the kernels, and how the cost of training and evaluation grows.",
    discussion: """
      Run by hand on a quiet machine, never by the tests:
        swift build -c release --product Benchmarks
        env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE .build/release/Benchmarks kernels
      """,
    subcommands: [KernelsCommand.self, GrowthCommand.self, SuiteCommand.self], defaultSubcommand: KernelsCommand.self)
}

/// How much work a measurement does.
struct Scale {
  /// Sizes cut down until everything takes seconds: to see that it works, not how fast it is.
  let isQuick: Bool

  func callAsFunction(_ full: Int, quick: Int) -> Int { isQuick ? quick : full }
}

/// How many threads measurements use at most.
struct ThreadOption: ParsableArguments {
  @Option(help: "Threads at most; kernels are measured on one thread too.") var threads = min(2, Parallelism.threadCount)

  func validate() throws {
    if !(1...1024).contains(threads) { throw ValidationError("--threads is \(threads), expected 1 to 1024") }
  }

  func apply() { Parallelism.threadCount = threads }
}
