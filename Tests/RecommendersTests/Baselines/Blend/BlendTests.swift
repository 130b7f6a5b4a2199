import Testing
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

struct BlendTests {
  private let random = RandomInteractions(users: 40, items: 25, density: 0.3, isWeighted: false, seed: 3)

  private func ease(_ regularization: Float) -> EASE.Settings {
    var settings = EASE.Settings()
    settings.regularization = regularization
    return settings
  }

  private func blend(_ members: [BlendMember]) throws -> Blend {
    try Blend(fitting: random.matrix, settings: .init(members), seed: 1) { _, _ in }
  }

  /// Each row in units of its standard deviation.
  private func standardized(_ scores: [[Float]]) -> [[Double]] {
    scores.map { row in
      let values = row.map(Double.init)
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      return values.map { variance > 1e-20 ? $0 / variance.squareRoot() : 0 }
    }
  }

  @Test func scoresAreWeightedSumsInUnitsOfTheirSpread() throws {
    let neighbors = ItemNeighbors.Settings(neighbors: 5)
    let model = try blend([
      BlendMember(ItemNeighbors.self, neighbors, weight: 0.5), BlendMember(EASE.self, ease(3), weight: 2),
    ])
    let first = standardized(try ItemNeighbors(fitting: random.matrix, settings: neighbors).allScores)
    let second = standardized(try EASE(fitting: random.matrix, settings: ease(3)).allScores)
    let expected = zip(first, second).map { zip($0, $1).map { 0.5 * $0 + 2 * $1 } }
    #expect(difference(model.allScores, expected) < 1e-4)
    #expect(expected[1].contains { abs($0) > 0.1 })
  }

  @Test func aMemberAloneKeepsItsOrder() throws {
    let model = try blend([BlendMember(EASE.self, ease(3), weight: 7)])
    let alone = try EASE(fitting: random.matrix, settings: ease(3))
    for (blended, own) in zip(model.allScores, alone.allScores) {
      #expect(blended.indices.sorted { blended[$0] > blended[$1] } == own.indices.sorted { own[$0] > own[$1] })
    }
  }

  @Test func peopleWithTheSameItemsGetTheSameScores() throws {
    let model = try blend([BlendMember(ItemNeighbors.self), BlendMember(EASE.self, ease(3))])
    #expect(difference(try model.scorer(of: random.matrix.byUser).allScores, model.allScores.map { $0.map(Double.init) }) < 1e-3)
  }

  @Test func someoneWithNothingIsScoredByWhatKnowsThem() throws {
    // User 0 has nothing: neighbours and EASE say nothing, popularity does.
    let model = try blend([BlendMember(ItemNeighbors.self), BlendMember(EASE.self, ease(3)), BlendMember(Popularity.self)])
    let popularity = standardized(Popularity(fitting: random.matrix).allScores)
    #expect(difference([model.allScores[0]], [popularity[0]]) < 1e-4)
  }

  @Test func progressGoesThroughAllMembers() throws {
    var told: [(Int, Int)] = []
    var factorization = ImplicitALS.Settings()
    (factorization.dimension, factorization.iterations) = (4, 2)
    _ = try Blend(
      fitting: random.matrix,
      settings: .init([BlendMember(ImplicitALS.self, factorization), BlendMember(ImplicitALS.self, factorization)]),
      seed: 1
    ) { told.append(($0, $1)) }
    #expect(told.map(\.0) == [50, 100, 150, 200] && told.allSatisfy { $0.1 == 200 })
  }

  @Test func settingsOutOfRangeAreRefusedByTheirPlace() {
    let settings: [(Blend.Settings, String)] = [
      (.init([]), "members"), (.init([BlendMember(EASE.self, weight: 0)]), "members.0.weight"),
      (.init([BlendMember(Popularity.self), BlendMember(EASE.self, ease(-1))]), "members.1.regularization"),
    ]
    for (settings, place) in settings {
      let error = #expect(throws: BaselineError.self) { try settings.check() }
      #expect(error?.description.hasPrefix("\(place): found") == true, "\(error?.description ?? "")")
    }
  }
}
