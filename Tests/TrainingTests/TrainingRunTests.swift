import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerRuns
import TwoTowerTraining

struct TrainingRunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func finish(_ recipe: Recipe, in path: String) throws -> [String: Data] {
    var run = try smallRun(recipe, in: path)
    #expect(try run.train() != nil)
    return try files(in: path)
  }

  /// Expects every file of a run to be that of another, byte for byte: nothing of it says when it was written.
  private func expectSame(_ path: String, _ whole: [String: Data], _ comment: Comment? = nil) throws {
    let own = try files(in: path)
    #expect(own.keys.sorted() == whole.keys.sorted(), comment)
    for (name, bytes) in whole { #expect(own[name] == bytes, "\(name) \(comment?.rawValue ?? "")") }
  }

  @Test(arguments: TrainerTests.variants.indices)
  func aResumedRunEndsWithTheSameBytes(variant: Int) throws {
    let recipe = try smallRecipe(TrainerTests.variants[variant])
    let whole = try finish(recipe, in: folder("whole"))
    // Before the first step, in the middle of an epoch, between two epochs and near the end; and all of them in turn.
    for stops in [[0], [2], [5], [13], [19, 0, 1, 3]] {
      let path = folder("stopped-\(stops.map(String.init).joined(separator: "-"))")
      var run = try smallRun(recipe, in: path)
      var assessment = try run.train(steps: stops[0])
      for steps in stops.dropFirst() where assessment == nil {
        run = try TrainingRun(resuming: path)
        assessment = try run.train(steps: steps)
      }
      if assessment == nil {
        run = try TrainingRun(resuming: path)
        assessment = try run.train()
      }
      #expect(assessment != nil)
      try expectSame(path, whole, "after \(stops)")
    }
  }

  @Test func everyPlaceToStopIsAPlaceToGoOn() throws {
    let recipe = try smallRecipe([("retrieval.training.epochs", "1"), ("ranking.training.epochs", "1")])
    let whole = try finish(recipe, in: folder("whole"))
    let path = folder("stepwise")
    var run = try smallRun(recipe, in: path)
    var assessment = try run.train(steps: 1)
    var stops = 1
    while assessment == nil {
      run = try TrainingRun(resuming: path)
      assessment = try run.train(steps: 1)
      stops += 1
    }
    #expect(stops > 6)
    try expectSame(path, whole)
  }

  /// A baseline is fitted in one go, and again when a run goes on with the ranking task after it.
  @Test func aResumedRunWithABaselineEndsWithTheSameBytes() throws {
    let recipe = try RunTestSupport.recipe(
      """
      name: baseline-and-ranking
      baseline: {kind: implicit-als, dimension: 4, iterations: 3}
      ranking:
        query-tower: {features: [{feature: user-statistics}]}
        candidate-tower: {features: [{feature: item-statistics}]}
        hidden-layers: [8]
        training: {epochs: 3, batch-size: 200, learning-rate: 0.01}
      """)
    let whole = try finish(recipe, in: folder("whole"))
    var run = try smallRun(recipe, in: folder("run"))
    for stop in [1, 4] {
      var steps = 0
      #expect(throws: TrainingError.self) {
        try run.train(
          stopSignal: { steps >= stop ? 2 : nil }, report: { if case .step = $0 { steps += 1 } }, evaluating: {})
      }
      #expect(steps == stop, "the baseline was fitted, and some steps of ranking were made")
      run = try TrainingRun(resuming: folder("run"))
    }
    #expect(try run.train() != nil)
    try expectSame(folder("run"), whole)
    // Each number that was fitted is counted once.
    let (record, data) = (try RunFolder(opening: folder("run")).record(), run.data)
    let ranking = try ModelSet(recipe.models, data: data).parameters.reduce(0) { $0 + $1.value.count }
    #expect(record.counts["recommender_parameters"] == 4 * (data.userCount + data.itemCount))
    #expect(record.counts["parameters"] == 4 * (data.userCount + data.itemCount) + ranking)
  }

  @Test func aRunThatWasInterruptedGoesOnInTheSameProcess() throws {
    let recipe = try smallRecipe()
    let whole = try finish(recipe, in: folder("whole"))
    var run = try smallRun(recipe, in: folder("run"))
    #expect(try run.train(steps: 7) == nil)
    #expect(try run.train() != nil)
    try expectSame(folder("run"), whole)
  }

  @Test func aDivergedRunLeavesNothing() throws {
    let recipe = try smallRecipe([
      ("retrieval.training.optimizer", "sgd"), ("retrieval.training.learning-rate", "1e30"), ("retrieval.similarity", "dot"),
    ])
    var run = try smallRun(recipe, in: folder("run"))
    #expect(throws: TrainingError.self) { try run.train() }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func onlyUnfinishedRunsAreResumed() throws {
    var run = try smallRun(smallRecipe(), in: folder("run"))
    #expect(try run.train(steps: 3) == nil)
    run = try TrainingRun(resuming: folder("run"))
    #expect(try run.train() != nil)
    let error = #expect(throws: TrainingError.self) { try TrainingRun(resuming: folder("run")) }
    guard case .nothingToResume(folder("run")) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(throws: CheckpointError.file(.notFound(path: folder("nothing")))) { try TrainingRun(resuming: folder("nothing")) }
  }

  @Test func aFolderThatIsNoRunIsNotReplaced() throws {
    try FileManager.default.createDirectory(atPath: folder("run"), withIntermediateDirectories: true)
    try "mine".write(toFile: folder("run/notes.txt"), atomically: true, encoding: .utf8)
    var run = try smallRun(smallRecipe(), in: folder("run"))
    #expect(throws: FileError.self) { try run.train(steps: 1) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("run")) == ["notes.txt"])
  }

  @Test(arguments: [
    (#""phaseIndex" : 0"#, #""phaseIndex" : -1"#), (#""phaseIndex" : 0"#, #""phaseIndex" : 9"#),
    (#""epoch" : 0"#, #""epoch" : -1"#), (#""epoch" : 0"#, #""epoch" : 4"#), (#""step" : 2"#, #""step" : -2"#),
    (#""step" : 2"#, #""step" : 99"#), (#""globalStep" : 2"#, #""globalStep" : 3"#),
    (#""optimizerSteps" : 2"#, #""optimizerSteps" : -2"#), (#""history" : ["#, #""history" : [1"#),
  ])
  func aStateThatDoesNotFitTheRunIsRefused(old: String, new: String) throws {
    var run = try smallRun(smallRecipe(), in: folder("run"))
    #expect(try run.train(steps: 2) == nil)
    try rewrite("training-state.json", in: folder("run")) { $0.replacingOccurrences(of: old, with: new) }
    let error = #expect(throws: CheckpointError.self, "\(new)") {
      run = try TrainingRun(resuming: folder("run"))
      _ = try run.train()
    }
    #expect(error?.description.contains("training-state") == true)
  }

  @Test func aStateWithoutAllOfItsBestParametersIsRefused() throws {
    let recipe = try smallRecipe([("validation.share", "0.2")])
    var run = try smallRun(recipe, in: folder("run"))
    #expect(try run.train(steps: 6) == nil)
    let path = folder("run/training-state.safetensors")
    for dropped in ["best/", "optimizer/"] {
      let file = try SafetensorsFile(contentsOf: path)
      let name = try #require(file.names.first { $0.hasPrefix(dropped) })
      var tensors: [String: StoredTensor] = [:]
      for other in file.names where other != name { tensors[other] = try file.storedTensor(other) }
      let whole = try contents(of: path)
      try SafetensorsFile.write(tensors, metadata: file.metadata, to: path)
      try Manifest.write(in: folder("run"))
      let error = #expect(throws: CheckpointError.self) {
        run = try TrainingRun(resuming: folder("run"))
        _ = try run.train()
      }
      #expect(error?.description.contains(name.dropFirst(dropped.count)) == true, "\(String(describing: error))")
      try whole.write(to: URL(fileURLWithPath: path))
      try Manifest.write(in: folder("run"))
    }
  }

  @Test(arguments: [
    SettingEffect.both, SettingEffect.factorization, SettingEffect.implicitALS + "\n" + SettingEffect.ranking,
  ])
  func everyParameterIsCountedOnce(text: String) throws {
    let recipe = try recipe(text)
    var run = try smallRun(recipe, in: folder("run"))
    #expect(try run.train() != nil)
    let weights = try SafetensorsFile(contentsOf: folder("run/model.safetensors"))
    let stored = try weights.names.map { try weights.storedTensor($0).shape.reduce(1, *) }
    #expect(stored.count > 1 && stored.allSatisfy { $0 > 0 })
    let counts = try RunFolder(opening: folder("run")).record().counts
    #expect(counts["parameters"] == stored.reduce(0, +))
  }

  @Test func theFolderTellsWhatTheRunIs() throws {
    let recipe = try smallRecipe([("validation.share", "0.2")])
    var run = try smallRun(recipe, in: folder("run"))
    #expect(try run.train() != nil)
    let saved = try RunFolder(opening: folder("run"))
    let record = try saved.record()
    #expect(record.isFinished && record.seed == recipe.seed)
    #expect(record.files.map(\.name).contains("user_artists.dat"))
    #expect(record.counts["training_rows"] == run.data.training.count)
    #expect(record.counts["validation_rows"] == run.data.validation.count)
    #expect(try RecipeReader(text: saved.recipe(), name: "r").recipe() == recipe)
    let lines = String(decoding: try contents(of: folder("run/history.tsv")), as: UTF8.self).split(separator: "\n")
    #expect(lines.first == "phase\tepoch\tloss\tvalidation")
    #expect(lines.count > 3 && lines.dropFirst().allSatisfy { $0.split(separator: "\t").count == 4 })
  }
}
