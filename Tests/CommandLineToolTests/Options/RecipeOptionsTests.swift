import Foundation
import Testing
import TestSupport

@Suite struct RecipeOptionsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func fit(_ arguments: String...) throws -> Outcome {
    try twotower(["fit", "--data", Tool.sample, "--output", folder("run")] + arguments)
  }

  @Test func optionsStandInTheRecipeThatIsKept() throws {
    expectSuccess(
      try fit(
        "--recipe", "retrieval", "--epochs", "2", "--batch-size", "500", "--learning-rate", "0.004", "--dimension",
        "6", "--seed", "77", "--set", "retrieval.temperature=0.3", "--set", "features.minimum-tag-count=2"))
    let recipe = try lines(of: folder("run/recipe.yaml")).map { $0.trimmingCharacters(in: .whitespaces) }
    let expected = [
      "epochs: 2", "batch-size: 500", "dimension: 6", "seed: 77", "minimum-tag-count: 2", "name: retrieval",
    ]
    for line in expected { #expect(recipe.contains(line), "\(line)") }
    for (key, value) in [("learning-rate", 0.004), ("temperature", 0.3)] {
      let line = try #require(recipe.first { $0.hasPrefix("\(key): ") })
      let kept = try #require(Double(line.dropFirst(key.count + 2)))
      #expect(abs(kept - value) < 1e-6)
    }
    #expect(!recipe.contains("dimension: 128"))
    expectSuccess(
      try twotower("fit", "--data", Tool.sample, "--recipe", folder("run/recipe.yaml"), "--output", folder("again")))
    #expect(try contents(of: folder("again/model.safetensors")) == contents(of: folder("run/model.safetensors")))
  }

  @Test func misspeltNamesAreRefusedWithTheNearest() throws {
    expectRefusal(try fit("--recipe", "retreival"), status: 66, "retreival", "did you mean 'retrieval'?")
    expectRefusal(
      try fit("--set", "retrieval.temprature=1"), status: 65, "--set retrieval.temprature=1", "did you mean 'temperature'?")
    expectRefusal(try fit("--set", "retreival.temperature=1"), status: 65, "did you mean 'retrieval'?")
    expectRefusal(
      try fit("--set", "retrieval.candidate-tower.features.tgas.dimension=8"), status: 65, "did you mean 'tags'?")
    let recipe = try folder.write("mine.yaml", "name: mine\nretrieval:\n  temprature: 0.2\n")
    expectRefusal(try fit("--recipe", recipe), status: 65, "mine.yaml:3", "'temprature'", "did you mean 'temperature'?")
    #expect(folder.names == ["mine.yaml"])
  }

  @Test(arguments: [
    ("retrieval.temperature=-1", "expected a number above 0"), ("retrieval.temperature=warm", "expected a number"),
    ("retrieval.training.epochs=0", "expected 1 to"), ("retrieval.training.epochs=2.5", "expected a whole number"),
    ("retrieval.training.optimizer=adamm", "adam"), ("retrieval.training.batch-size=99999999999999999999", "batch-size"),
    ("retrieval.query-tower.dropout=1", "below 1"), ("ranking.hidden-layers=[0]", "expected 1 to"),
    ("ranking.hidden-layers=64", "expected a list"), ("retrieval=3", "expected a section"),
    ("validation.share=1.5", "expected a share"), ("seed=-1", "seed"), ("retrieval.temperature=[", "not valid YAML"),
    ("retrieval.temperature=.nan", "above 0"), ("retrieval.training.learning-rate=.inf", "learning-rate"),
  ])
  func valuesThatCannotWorkAreRefused(setting: String, expectation: String) throws {
    expectRefusal(
      try fit("--set", setting), status: 65, "\(setting.split(separator: "=")[0].split(separator: ".").last!)", expectation)
    #expect(folder.names.isEmpty)
  }

  @Test func recipesWhoseShapesDoNotFitAreRefused() throws {
    expectRefusal(
      try fit("--set", "retrieval.query-tower.hidden-layers=[16]"), status: 65, "16", "128", "must be equal")
    expectRefusal(
      try fit("--set", "retrieval.candidate-tower.features.tags.dimension=32"), status: 65, "'sum'", "128", "32")
    expectRefusal(
      try fit("--set", "retrieval.query-tower.features.friends.dimension=32"), status: 65, "32", "128")
    // Numeric features bring widths that only the data knows.
    let recipe = try folder.write(
      "mine.yaml",
      """
      retrieval:
        query-tower:
          combine: concatenate
          features: [{feature: user-statistics}]
        candidate-tower:
          combine: concatenate
          features: [{feature: item-id, dimension: 64}]
      """)
    expectRefusal(try fit("--recipe", recipe), status: 65, "64")
    #expect(folder.names == ["mine.yaml"])
  }

  @Test func filesThatAreNoRecipesAreRefused() throws {
    expectRefusal(try fit("--recipe", folder("none.yaml")), status: 66, "none.yaml", "no such recipe")
    expectRefusal(try fit("--recipe", try folder.write("empty.yaml", "")), status: 65, "empty.yaml", "empty")
    expectRefusal(try fit("--recipe", try folder.write("list.yaml", "- 1\n- 2\n")), status: 65, "list.yaml")
    expectRefusal(try fit("--recipe", try folder.write("bad.yaml", "a: [1\nb: 2\n")), status: 65, "bad.yaml", "YAML")
    expectRefusal(
      try fit("--recipe", try folder.write("latin.yaml", bytes: [0x61, 0x3A, 0x20, 0xF6])), status: 65, "UTF-8")
    expectRefusal(try fit("--recipe", try folder.write("name.yaml", "name: nothing\n")), status: 65, "nothing to train")
    expectRefusal(try fit("--recipe", "/dev/zero"), status: 65, "/dev/zero")
    #expect(!folder.names.contains("run"))
  }

  @Test func settingsWithoutAValueAreUsageErrors() throws {
    expectUsageError(try fit("--set", "retrieval.temperature"), "key=value", "twotower fit")
    expectUsageError(try fit("--epochs", "many"), "--epochs")
    expectUsageError(try fit("--threads", "0"), "--threads is 0")
    expectUsageError(try fit("--unknown"), "--unknown")
    #expect(folder.names.isEmpty)
  }
}
