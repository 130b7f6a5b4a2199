import Testing
import TwoTowerDatasets

@Suite struct MinimumWeightTests {
  private var dataset: Dataset {
    var users = IdentifierTable()
    var items = IdentifierTable()
    for name in ["u", "v", "w"] { _ = users.insert(name) }
    for name in ["a", "b"] { _ = items.insert(name) }
    return Dataset(
      name: "ratings", users: users, items: items, itemNames: ["a", "b"],
      interactions: Interactions(
        users: [0, 0, 1, 1, 2], items: [0, 1, 0, 1, 1], weights: [5, 3, 2, 4, 1], timestamps: [10, 11, 12, 13, 14]))
  }

  @Test func lighterRowsAreLeftOutAndTheOthersKeepWhatTheyHave() throws {
    var rest = dataset
    var split: Split?
    #expect(try rest.leaveOutInteractions(lighterThan: 3, split: &split) == 2)
    #expect(rest.interactions.users == [0, 0, 1] && rest.interactions.items == [0, 1, 1])
    #expect(rest.interactions.weights == [5, 3, 4] && rest.interactions.timestamps == [10, 11, 13])
    #expect(rest.users.count == 3 && rest.items.count == 2, "also who has no row any more")
    #expect(split == nil)
  }

  @Test func rowsOfASplitAreNumberedAnew() throws {
    var rest = dataset
    var split: Split? = Split(train: [0, 2], test: [3], given: [4], hidden: [1])
    #expect(try rest.leaveOutInteractions(lighterThan: 3, split: &split) == 2)
    let found = try #require(split)
    #expect(found.train == [0] && found.test == [2] && found.given == [] && found.hidden == [1])
  }

  @Test func nothingChangesWhereNoRowIsLighter() throws {
    var rest = dataset
    var split: Split? = Split(train: [4, 0], test: [1])
    for minimum in [0, 1] as [Float] { #expect(try rest.leaveOutInteractions(lighterThan: minimum, split: &split) == 0) }
    #expect(rest.interactions.weights == dataset.interactions.weights)
    #expect(split?.train == [4, 0])
  }

  @Test func aMinimumThatLeavesNothingIsRefused() {
    var rest = dataset
    var split: Split?
    #expect(throws: DatasetError.everyRowTooLight(minimum: 6, greatest: 5)) {
      try rest.leaveOutInteractions(lighterThan: 6, split: &split)
    }
  }
}
