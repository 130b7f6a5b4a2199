import TwoTowerFiles
import Foundation
import TwoTowerRecommenders
import TwoTowerRuns
import TwoTowerServing
import Testing
import TwoTowerTraining

import TwoTowerKit

struct TwoTowerErrorTests {
  private let engineErrors: [any Error] = [
    TrainingError.interrupted(signal: 2), TrainingError.interruptedBaseline(signal: 2),
    TrainingError.notFinite(phase: .retrieval, epoch: 1, step: 2, tensor: "the loss", learningRate: 3),
    BaselineError.tooMuchMemory(kind: "ease", needed: 9 << 30, free: 1 << 30), BaselineError.notPositiveDefinite(regularization: 1),
    BaselineError.setting(name: "unobserved-weight", found: "0", expected: "at least 1"),
    ScoringError.nonFinite(tensor: "query_embeddings", row: 3), ScoringError.nonFiniteScore(queryRow: 1),
    QuestionError.unfinished("run"), QuestionError.noRetrieval("run"), QuestionError.noEmbeddings("run", kind: "ease"),
    CheckpointError.altered(path: "run/x", found: "1", expected: "2"), FileError.notFound(path: "run"),
    FileError.alreadyExists(path: "run"), PreparationError.noTrainingRows, CancellationError(),
  ]

  @Test func everyEngineErrorIsOneLineWithoutAnOption() {
    for error in engineErrors {
      let text = TwoTowerError(error).description
      #expect(!text.isEmpty && !text.contains { $0.isNewline })
      #expect(!text.contains("--") && !text.contains("twotower "), "\(text)")
    }
  }

  @Test func errorsMeanWhatCallersCanTellApart() {
    #expect(TwoTowerError(TrainingError.interrupted(signal: 2)) == .stopped)
    #expect(TwoTowerError(TwoTowerError.stopped) == .stopped)
    let setting = TwoTowerError(BaselineError.setting(name: "unobserved-weight", found: "0", expected: "1"))
    #expect(setting == .setting(name: "unobservedWeight", problem: "found 0, expected 1"))
    guard case .storage = TwoTowerError(FileError.notFound(path: "run")),
      case .unexpected = TwoTowerError(CancellationError())
    else {
      Issue.record("a missing folder is storage, a foreign error is unexpected")
      return
    }
  }

  @Test func descriptionsAreWhatFoundationShows() {
    let error = TwoTowerError.unknownItem("a\nb", similar: ["ab", "b"])
    #expect(error.description == "the model knows no item \"a\\nb\"; did you mean \"ab\", \"b\"?")
    #expect(error.localizedDescription == error.description)
  }
}
