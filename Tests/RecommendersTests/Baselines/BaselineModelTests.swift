import Features
import Recommenders
import Testing

struct BaselineModelTests {
  private func data(labels: [Float]) -> TowerData {
    TowerData(
      userIdentifiers: ["a", "b", "c"], itemIdentifiers: ["x", "y", "z"], itemNames: ["X", "Y", "Z"],
      training: LabeledPairs(users: [0, 0, 1], items: [0, 1, 1], labels: labels),
      validation: LabeledPairs(users: [2], items: [2], labels: [1]), test: LabeledPairs(), features: [],
      pairFeatures: nil)
  }

  @Test func aRowWeighsOneOrItsLabel() throws {
    let data = data(labels: [5, 2, 0.5])
    var settings = BaselineSettings(kind: .popularity)
    func scores() throws -> [Float] {
      try BaselineModel(fitting: data, settings: settings, seed: 1).scorer.scores(of: 2, items: [2, 0, 1]).map(\.score)
    }
    #expect(try scores() == [0, 1, 2])
    settings.weights = .labels
    #expect(try scores() == [0, 5, 2.5], "validation rows are held out")
  }

  @Test(arguments: [-1, .nan, .infinity] as [Float]) func aLabelThatIsNoWeightIsRefused(label: Float) throws {
    var settings = BaselineSettings(kind: .ease)
    let data = data(labels: [5, label, 1])
    _ = try BaselineModel(fitting: data, settings: settings, seed: 1)
    settings.weights = .labels
    let error = #expect(throws: BaselineError.self) { try BaselineModel(fitting: data, settings: settings, seed: 1) }
    #expect(error?.description.contains("baseline.weights") == true)
  }

  @Test func onlyAFactorizationHasEmbeddings() throws {
    let data = data(labels: [1, 1, 1])
    for kind in BaselineSettings.Kind.allCases {
      let model = try BaselineModel(fitting: data, settings: BaselineSettings(kind: kind), seed: 1)
      #expect((model.embeddings != nil) == (kind == .implicitALS))
      #expect(model.scorer.userCount == 3 && model.scorer.candidateCount == 3)
    }
  }

  @Test func whatIterationsThrowEndsTheFit() throws {
    struct Stop: Error, Equatable { let done: Int }
    #expect(throws: Stop(done: 3)) {
      try BaselineModel(fitting: data(labels: [1, 1, 1]), settings: BaselineSettings(kind: .implicitALS), seed: 1) {
        if $0 == 3 { throw Stop(done: $0) }
      }
    }
  }

  @Test func settingsOutOfRangeAreRefusedByTheirNameInARecipe() {
    let settings: [(BaselineSettings.Model, String)] = [
      (.ease(regularization: 0), "regularization"), (.itemNeighbors(.init(k: 0)), "neighbors"),
      (.itemNeighbors(.init(shrinkage: -1)), "shrinkage"),
    ]
    for (model, name) in settings {
      let error = #expect(throws: BaselineError.self) { try BaselineSettings(model: model).check() }
      #expect(error?.description.hasPrefix("\(name): found") == true)
    }
  }
}
