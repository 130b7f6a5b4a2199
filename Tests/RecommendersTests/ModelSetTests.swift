import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

struct ModelSetTests {
  private func retrieval() -> RetrievalSettings {
    var settings = RetrievalSettings()
    settings.queryTower = TowerSettings(
      features: [InputSettings(feature: .userIdentifier), InputSettings(feature: .userStatistics)], combine: .sum,
      hiddenLayers: [8])
    settings.candidateTower = TowerSettings(features: [InputSettings(feature: .itemIdentifier)], hiddenLayers: [8])
    return settings
  }

  private func ranking(_ towers: RankingSettings.Towers) -> RankingSettings {
    var settings = RankingSettings()
    settings.towers = towers
    // The same inputs as retrieval's, so that names could clash.
    (settings.queryTower, settings.candidateTower) = (retrieval().queryTower, retrieval().candidateTower)
    return settings
  }

  private func models(
    _ retrieval: RetrievalSettings?, _ ranking: RankingSettings?, data: TowerData? = nil, trainsSharedTowers: Bool = false
  ) throws -> ModelSet {
    var settings = ModelSettings()
    (settings.retrieval, settings.ranking, settings.trainsSharedTowers) = (retrieval, ranking, trainsSharedTowers)
    return try ModelSet(settings, data: data ?? smallTowerData())
  }

  @Test(arguments: RankingSettings.Towers.allCases, [true, false])
  func namesOfParametersAreUnique(towers: RankingSettings.Towers, trainsSharedTowers: Bool) throws {
    let models = try models(retrieval(), ranking(towers), trainsSharedTowers: trainsSharedTowers)
    let names = models.parameters.map(\.name)
    #expect(Set(names).count == names.count, "\(names)")
    #expect(models.ranking != nil && models.rankingWithPairs != nil)
  }

  @Test func ownTowersAreApartFromRetrievals() throws {
    let models = try models(retrieval(), ranking(.own))
    let shared = models.retrieval!.parameters.map { ObjectIdentifier($0) }
    for model in [models.ranking!, models.rankingWithPairs!] {
      #expect(model.parameters.contains { $0.name.contains("/embedding/user-id") })
      #expect(!model.parameters.contains { shared.contains(ObjectIdentifier($0)) })
    }
  }

  @Test(arguments: [true, false]) func sharedTowersAreRetrievalsAndLearnOnlyWhenAsked(trains: Bool) throws {
    let models = try models(retrieval(), ranking(.shared), trainsSharedTowers: trains)
    for model in [models.ranking!, models.rankingWithPairs!] {
      let parameters = model.parameters.map { ObjectIdentifier($0) }
      #expect(models.retrieval!.parameters.allSatisfy { parameters.contains(ObjectIdentifier($0)) == trains })
    }
  }

  @Test func thereIsAModelForEachTaskThatIsAskedFor() throws {
    let alone = try models(retrieval(), nil)
    #expect(alone.retrieval != nil && alone.ranking == nil && alone.rankingWithPairs == nil)
    let withoutPairs = try models(nil, ranking(.own), data: smallTowerData(withPairFeatures: false))
    #expect(withoutPairs.retrieval == nil && withoutPairs.ranking != nil && withoutPairs.rankingWithPairs == nil)
    let data = try smallTowerData()
    let both = try models(nil, ranking(.own), data: data)
    #expect(both.rankingWithPairs?.pairWidth == data.pairFeatures?.width)
    // The plain one sees nothing of what the user did with the item itself.
    let names = data.pairFeatures!.names
    #expect(
      both.ranking?.pairColumns.map { names[$0] } == [
        "friends-with-item", "friends-mean-label", "tag-cosine", "given-tag-cosine", "mean-similarity",
        "maximum-similarity", "similar-label",
      ])
  }

  @Test func theSameSeedMakesTheSameModels() throws {
    let (first, second) = (try models(retrieval(), ranking(.own)), try models(retrieval(), ranking(.own)))
    for (left, right) in zip(first.parameters, second.parameters) {
      #expect(left.name == right.name && left.value.array == right.value.array)
    }
  }

  @Test func dataThatLacksAnInputIsRefused() throws {
    var data = try smallTowerData()
    data.features.removeAll { $0.name == "user-id" }
    for (retrieval, ranking) in [(retrieval(), nil), (nil, ranking(.own))] as [(RetrievalSettings?, RankingSettings?)] {
      let error = #expect(throws: TowerError.self) { try models(retrieval, ranking, data: data) }
      #expect(error?.description.contains("'user-id'") == true)
    }
  }

  @Test func aSharedTableOfTwoVocabularySizesIsRefused() throws {
    var data = try smallTowerData()
    let place = data.features.firstIndex { $0.name == "history" }!
    let empty = SparseRows(offsets: [Int32](repeating: 0, count: data.userCount + 1))
    data.features[place] = Feature(name: "history", entity: .bags(empty, vocabularySize: 999))
    var settings = retrieval()
    settings.queryTower.features.append(InputSettings(feature: .history, table: "item-id"))
    let error = #expect(throws: TowerError.self) { try models(settings, nil, data: data) }
    #expect(error?.description.contains("'item-id'") == true)
  }
}
