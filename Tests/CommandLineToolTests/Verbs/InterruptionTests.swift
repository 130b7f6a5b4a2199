import Foundation
import Testing
import TestSupport

@Suite struct InterruptionTests {
  let folder: TemporaryFolder
  let fit: [String]

  init() throws {
    folder = try TemporaryFolder()
    fit = [
      "fit", "--data", Tool.sample, "--epochs", "30", "--dimension", "16", "--set", "ranking.training.epochs=20",
      "--set", "validation.share=0.1", "--set", "validation.patience=100", "--threads", "1",
    ]
  }

  /// The signals and what the run was doing when they came.
  @Test(arguments: [
    (SIGINT, 130, "training retrieval"), (SIGTERM, 143, "epoch 3/30"), (SIGINT, 130, "training ranking:"),
    (SIGTERM, 143, "training ranking-with-pairs"),
  ] as [(Int32, Int32, String)])
  func aStoppedFitGoesOnToTheSameBits(signal: Int32, status: Int32, moment: String) throws {
    let whole = try Self.uninterrupted.get()
    let process = try ToolProcess(fit + ["--output", folder("run")])
    #expect(process.waits(forError: moment))
    process.send(signal)
    let stopped = process.finish()
    #expect(stopped.status == status, "\(stopped)")
    #expect(stopped.errorLines.count == 1, "\(stopped)")
    #expect(stopped.errors.contains("twotower fit --resume \(folder("run"))"), "\(stopped)")
    #expect(stopped.output.isEmpty)
    #expect(folder.names == ["run"])

    expectRefusal(try twotower("evaluate", folder("run")), status: 65, "not finished", "--resume")
    let resumed = try twotower("fit", "--resume", folder("run"), "--threads", "2")
    expectSuccess(resumed)
    #expect(try files(in: folder("run")) == files(in: whole("run")), "every file, byte for byte")
    #expect(Data(resumed.output.utf8) == (try contents(of: whole("figures.txt"))))
    #expect(folder.names == ["run"])
  }

  @Test func aSignalWhileRerankingIsLearntLeavesNothing() throws {
    let process = try ToolProcess([
      "fit", "--data", Tool.sample, "--epochs", "100000", "--dimension", "8", "--output", folder("run"),
    ])
    #expect(process.waits(forError: "reranking: learning"))
    process.send(SIGINT)
    let stopped = process.finish()
    expectRefusal(stopped, status: 130, "interrupted")
    #expect(stopped.errors.contains("run the same command again"), "\(stopped)")
    #expect(folder.names.isEmpty)
  }

  private static let uninterrupted = Result<TemporaryFolder, any Error> {
    let tests = try InterruptionTests()
    let outcome = try twotower(tests.fit + ["--output", tests.folder("run")])
    guard outcome.status == 0 else { throw SetUpError(outcome: outcome) }
    try tests.folder.write("figures.txt", outcome.output)
    return tests.folder
  }

  @Test func aRunMayBeStoppedTwice() throws {
    let whole = try Self.uninterrupted.get()
    var process = try ToolProcess(fit + ["--output", folder("run")])
    for moment in ["epoch 2/30", "epoch 9/30"] {
      #expect(process.waits(forError: moment))
      process.send(SIGINT)
      #expect(process.finish().status == 130)
      process = try ToolProcess(["fit", "--resume", folder("run")])
    }
    expectSuccess(process.finish())
    #expect(try files(in: folder("run"))["model.safetensors"] == files(in: whole("run"))["model.safetensors"])
  }

  /// A recipe that comes through a pipe holds the tool up before it has read anything.
  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func aSignalBeforeTrainingLeavesNothing(signal: Int32, status: Int32) throws {
    let pipe = folder("recipe.yaml")
    #expect(mkfifo(pipe, 0o600) == 0)
    let process = try ToolProcess(["fit", "--data", Tool.sample, "--recipe", pipe, "--output", folder("run")])
    let recipe = Array(try contents(of: Tool.checkout + "/Models/retrieval.yaml"))
    var descriptor: Int32 = -1
    while descriptor < 0 && process.isRunning { descriptor = open(pipe, O_WRONLY | O_NONBLOCK) }  // opens when it reads
    try #require(descriptor >= 0, "\(process.finish())")
    process.send(signal)
    #expect(process.waitsForSignals())
    #expect(write(descriptor, recipe, recipe.count) == recipe.count)
    close(descriptor)
    let outcome = process.finish()
    expectRefusal(outcome, status: status, "interrupted")
    #expect(!outcome.errors.contains("training"))
    #expect(folder.names == ["recipe.yaml"])
  }

  /// A tool that waits for its recipe cannot stop at a good place: whoever asks twice is heard.
  @Test func aSecondSignalEndsAtOnce() throws {
    let pipe = folder("recipe.yaml")
    #expect(mkfifo(pipe, 0o600) == 0)
    let process = try ToolProcess(["fit", "--data", Tool.sample, "--recipe", pipe, "--output", folder("run")])
    var descriptor: Int32 = -1
    while descriptor < 0 && process.isRunning { descriptor = open(pipe, O_WRONLY | O_NONBLOCK) }  // opens when it reads
    try #require(descriptor >= 0, "\(process.finish())")
    defer { close(descriptor) }
    // Signals that come before the first is taken are one: the second is the one that ends it.
    let limit = Date() + 60
    while process.isRunning && Date() < limit {
      process.send(SIGINT)
      usleep(1_000)
    }
    if process.isRunning { process.send(SIGKILL) }
    let outcome = process.finish()
    #expect(outcome.status == -SIGINT && outcome.output.isEmpty, "\(outcome)")
    #expect(folder.names == ["recipe.yaml"])
  }

  @Test func aFinishedRunIsNotResumed() throws {
    let run = try SampleRun.shared.get()
    expectRefusal(try twotower("fit", "--resume", run.path), status: 65, "finished already")
    expectRefusal(try twotower("fit", "--resume", folder("none")), status: 66, "none")
    for options in [["--seed", "2"], ["--recipe", "retrieval"], ["--holdout", "0.2"], ["--epochs", "3"]] {
      expectUsageError(try twotower(["fit", "--resume", run.path] + options), "--resume")
    }
  }
}
