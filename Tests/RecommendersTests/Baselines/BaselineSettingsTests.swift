import Testing
import TwoTowerFeatures
import TwoTowerRecommenders

struct BaselineSettingsTests {
  private func data(labels: [Float]) -> TowerData {
    TowerData(
      userIdentifiers: ["a", "b", "c"], itemIdentifiers: ["x", "y", "z"], itemNames: ["X", "Y", "Z"],
      training: LabeledPairs(users: [0, 0, 1], items: [0, 1, 1], labels: labels),
      validation: LabeledPairs(users: [2], items: [2], labels: [1]), test: LabeledPairs(), features: [],
      pairFeatures: nil)
  }

  @Test func aRowWeighsOneOrItsLabel() throws {
    let data = data(labels: [5, 2, 0.5])
    var settings = BaselineSettings(Popularity.self)
    func scores() throws -> [Float] {
      try settings.fit(on: data, seed: 1).scorer.scores(of: 2, items: [2, 0, 1]).map(\.score)
    }
    #expect(try scores() == [0, 1, 2])
    settings.weights = .labels
    #expect(try scores() == [0, 5, 2.5], "validation rows are held out")
  }

  @Test(arguments: [-1, .nan, .infinity] as [Float]) func aLabelThatIsNoWeightIsRefused(label: Float) throws {
    var settings = BaselineSettings(EASE.self)
    let data = data(labels: [5, label, 1])
    _ = try settings.fit(on: data, seed: 1)
    settings.weights = .labels
    let error = #expect(throws: BaselineError.self) { try settings.fit(on: data, seed: 1) }
    #expect(error?.description.contains("baseline.weights") == true)
  }

  @Test func onlyAFactorizationHasEmbeddings() throws {
    let data = data(labels: [1, 1, 1])
    for settings in BaselineSettings.small {
      let model = try settings.fit(on: data, seed: 1)
      #expect((model.vectors != nil) == (settings.kind == ImplicitALS.kind))
      #expect(model.userCount == 3 && model.itemCount == 3)
      #expect(model.scorer.userCount == 3 && model.scorer.candidateCount == 3)
    }
  }

  @Test func whatIterationsThrowEndsTheFit() throws {
    struct Stop: Error, Equatable { let done: Int }
    #expect(throws: Stop(done: 3)) {
      try BaselineSettings(ImplicitALS.self).fit(on: data(labels: [1, 1, 1]), seed: 1) { done, _ in
        if done == 3 { throw Stop(done: done) }
      }
    }
  }

  @Test func settingsOutOfRangeAreRefusedByTheirNameInARecipe() {
    var ease = EASE.Settings()
    ease.regularization = 0
    let settings: [(BaselineSettings, String)] = [
      (BaselineSettings(EASE.self, ease), "regularization"),
      (BaselineSettings(ItemNeighbors.self, .init(neighbors: -1)), "neighbors"),
      (BaselineSettings(ItemNeighbors.self, .init(neighbors: 5, shrinkage: -1)), "shrinkage"),
    ]
    for (settings, name) in settings {
      let error = #expect(throws: BaselineError.self) { try settings.check() }
      #expect(error?.description.hasPrefix("\(name): found") == true)
    }
  }
}
