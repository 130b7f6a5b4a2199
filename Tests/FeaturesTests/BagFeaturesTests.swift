import Testing
import TwoTowerDatasets
import TwoTowerFeatures

struct BagFeaturesTests {
  @Test func identifiersWithoutTrainingRowsAreUnknown() throws {
    let builder = try SmallData.standard.builder()
    #expect(try builder.feature(named: .userIdentifier).entity == .indices([1, 2, 3, 0], vocabularySize: 4))
    #expect(try builder.feature(named: .itemIdentifier).entity == .indices([1, 2, 3, 0, 0], vocabularySize: 4))
  }

  @Test func rareIdentifiersAreUnknown() throws {
    var data = SmallData.standard
    data.settings.minimumCount = 2
    let builder = try data.builder()
    #expect(try builder.feature(named: .userIdentifier).entity == .indices([1, 2, 0, 0], vocabularySize: 3))
  }

  @Test func friendsAreRowsOfUsersWithTrainingRows() throws {
    var data = SmallData.standard
    data.friends += [(0, 1), (0, 0)]
    let column = try data.builder().feature(named: .friends).entity
    #expect(column.bagIndices == [[2], [1, 3], [2], [1]])
    #expect(column.bagWeights == [[1], [1, 1], [1], [1]])
  }

  @Test func tagsAreCountedWithoutHeldOutPairs() throws {
    let builder = try SmallData.standard.builder()
    // The tag "rare" was given to held-out pairs alone, so it has no row.
    #expect(builder.tagVocabulary.terms == ["rock", "pop", "indie rock"])
    #expect(builder.tagVocabulary.counts == [3, 2, 1])
    let column = try builder.feature(named: .tags).entity
    #expect(column.bagIndices == [[1, 2], [2], [3], [], [1]])
    #expect(column.bagWeights == [[2, 1], [1], [1], [], [1]])
  }

  @Test func tagsOfTheCatalogueJoinThoseOfUsers() throws {
    var data = SmallData.standard
    let userTags = try data.builder().feature(named: .userTags)
    data.itemTags = [(3, 3), (0, 0), (4, 2)]
    let builder = try data.builder()
    // "rare" is the catalogue's word for item 3, whose only user is held out.
    #expect(builder.tagVocabulary.terms == ["rock", "indie rock", "pop", "rare"])
    #expect(builder.tagVocabulary.counts == [4, 2, 2, 1])
    let column = try builder.feature(named: .tags).entity
    #expect(column.bagIndices == [[1, 3], [3], [2], [4], [1, 2]])
    #expect(column.bagWeights == [[3, 1], [1], [1], [1], [1, 1]])
    #expect(try builder.feature(named: .userTags).entity.bagWeights == userTags.entity.bagWeights)
  }

  @Test func tagsOfTheCatalogueAreEnough() throws {
    var data = SmallData.standard
    data.tags = []
    #expect(try data.builder().remark(on: .tags) != nil)
    data.itemTags = [(0, 0), (1, 0), (1, 2)]
    let builder = try data.builder()
    #expect(builder.remark(on: .tags) == nil)
    #expect(builder.remark(on: .userTags) != nil)
    #expect(try builder.feature(named: .tags).entity.bagIndices == [[1], [1, 2], [], [], []])
  }

  @Test func tagsAsWords() throws {
    var data = SmallData.standard
    data.tagNames = ["Rock", "pop-rock", "indie, rock, indie!", "rare"]
    data.settings.tagText = .words
    let builder = try data.builder()
    #expect(builder.tagVocabulary.terms == ["rock", "pop", "indie"])
    #expect(builder.tagVocabulary.counts == [6, 2, 1])
    #expect(try builder.feature(named: .tags).entity.bagWeights == [[3, 1], [1, 1], [1, 1], [], [1]])
  }

  @Test func tagsAreComparedTrimmedAndInLowerCase() throws {
    var data = SmallData.standard
    data.tagNames = ["  Trip Hop", "trip hop ", "   ", "rare"]
    let builder = try data.builder()
    #expect(builder.tagVocabulary.terms == ["trip hop"])
    #expect(builder.tagVocabulary.counts == [5])
  }

  @Test func rareTagsAreCut() throws {
    var data = SmallData.standard
    data.settings.minimumTagCount = 2
    #expect(try data.builder().tagVocabulary.terms == ["rock", "pop"])
    data.settings.maximumTags = 1
    #expect(try data.builder().tagVocabulary.terms == ["rock"])
    data.settings.maximumTags = 0
    #expect(try data.builder().feature(named: .tags).entity.bagIndices == [[], [], [], [], []])
  }

  @Test(arguments: [
    (FeatureSettings.TagWeighting.count, [[2, 1], [1], [1], [], [1]]), (.binary, [[1, 1], [1], [1], [], [1]]),
    (.sqrt, [[1.4142135, 1], [1], [1], [], [1]]),
    (.log, [[1.0986123, 0.6931472], [0.6931472], [0.6931472], [], [0.6931472]]),
    // Four items have tags; "rock" and "pop" are on two of them, "indie rock" on one.
    (.tfIdf, [[3.0216513, 1.5108256], [1.5108256], [1.9162908], [], [1.5108256]]),
    (.logIdf, [[1.6598116, 1.0472245], [1.0472245], [1.3282715], [], [1.0472245]]),
  ])
  func weightings(_ weighting: FeatureSettings.TagWeighting, _ expected: [[Float]]) throws {
    var data = SmallData.standard
    data.settings.tagWeighting = weighting
    let weights = try data.builder().feature(named: .tags).entity.bagWeights
    #expect(weights.map(\.count) == expected.map(\.count))
    for (weight, value) in zip(weights.joined(), expected.joined()) { #expect(abs(weight - value) < 1e-6) }
  }

  @Test func trainingRowsSeeUserTagsWithoutTheirOwn() throws {
    let feature = try SmallData.standard.builder().feature(named: .userTags)
    #expect(feature.entity.bagIndices == [[1, 2], [1, 3], [1, 2], []])
    let perRow = try #require(feature.perTrainingRow)
    // Rows (0,0) (0,1) (0,2) (1,0) (1,2) (2,1).
    #expect(perRow.bagIndices == [[], [1, 2], [1, 2], [3], [1], [1]])
    #expect(perRow.bagWeights == [[], [1, 1], [1, 1], [1], [1], [1]])
    var data = SmallData.standard
    data.settings.leavesOwnTagsOut = false
    #expect(try data.builder().feature(named: .userTags).perTrainingRow == nil)
  }

  @Test func trainingRowsSeeTheHistoryWithoutTheirOwnItem() throws {
    let feature = try SmallData.standard.builder().feature(named: .history)
    #expect(feature.entity.bagIndices == [[1, 2, 3], [1, 3], [2], []])
    // Rows (0,0) (0,1) (0,2) (1,0) (1,2) (2,1).
    #expect(feature.withheldLists.map { $0.map(\.0) } == [[1], [2], [3], [1], [3], [2]])
    #expect(feature.withheldLists.allSatisfy { $0.allSatisfy { $0.1 == 1 } })
  }

  @Test func tagsOfTheHistoryCountEachItemAlike() throws {
    var data = SmallData.standard
    data.tags.append((2, 0, 0, 4000))
    let feature = try data.builder().feature(named: .historyTags)
    // Item 0 has "rock" three times and "pop" once, item 1 "pop", item 2 "indie rock"; rows are 1, 2 and 3.
    #expect(feature.entity.bagIndices == [[1, 2, 3], [1, 2, 3], [2], []])
    #expect(feature.entity.bagWeights == [[0.75, 1.25, 1], [0.75, 0.25, 1], [1], []])
    #expect(
      feature.withheldLists.map { $0.map(\.0) } == [[1, 2], [2], [3], [1, 2], [3], [2]])
    #expect(feature.withheldLists.map { $0.map(\.1) } == [[0.75, 0.25], [1], [1], [0.75, 0.25], [1], [1]])
  }

  @Test func whatIsWithheldIsPartOfTheBag() throws {
    let data = RandomData.make(seed: 3)
    let builder = try data.builder()
    for name in [FeatureName.history, .historyTags] {
      let feature = try builder.feature(named: name)
      for (row, taken) in feature.withheldLists.enumerated() {
        let bag = feature.entity.lists[Int(data.interactions[Int(data.train[row])].user)]
        for (index, weight) in taken {
          #expect(bag.contains { $0.0 == index && $0.1 >= weight * 0.99999 }, "\(name), row \(row)")
        }
      }
    }
  }

  @Test func historyKeepsTheItemsOfTheLargestWeights() throws {
    var data = SmallData.standard
    data.settings.historyLimit = 1
    let feature = try data.builder().feature(named: .history)
    #expect(feature.entity.bagIndices == [[1], [3], [2], []])
    #expect(feature.withheldLists.map { $0.map(\.0) } == [[1], [], [], [], [3], [2]])
  }

  @Test func nothingToSayIsEmptyAndSaid() throws {
    var data = SmallData.standard
    data.tags = []
    data.friends = []
    data.train = []
    let builder = try data.builder()
    for name in FeatureName.allCases {
      let feature = try builder.feature(named: name)
      #expect(feature.entity.rowCount == (name.entity == .user ? 4 : 5))
      #expect(feature.perTrainingRow?.rowCount ?? 0 == 0)
      #expect(feature.withheld?.rowCount ?? 0 == 0)
    }
    #expect(builder.remark(on: .friends)?.hasPrefix("friends:") == true)
    #expect(builder.remark(on: .userTags)?.hasPrefix("user-tags:") == true)
    #expect(builder.remark(on: .userIdentifier) == nil)
  }
}
