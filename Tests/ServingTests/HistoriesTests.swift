import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerServing
import TwoTowerTraining

/// A model that knows people by what they have answers alike whoever has it: a user of the training rows, a user held
/// out whole of whom some is given, or someone who is not in the data.
struct HistoriesTests {
  /// The project's recipes of such models: towers without identifiers, and the baselines that score by histories. Users
  /// of iALS, alone or in a blend, are what its iterations left, those of other recipes have vectors of their own.
  private static let recipes = try! names(in: repositoryFolder + "/Models").filter { $0.hasSuffix(".yaml") }
    .map { String($0.dropLast(5)) }.filter { name in
      let recipe = try modelRecipe(name)
      if let baseline = recipe.baseline { return ![ImplicitALS.kind, Blend.kind].contains(baseline.kind) }
      return recipe.retrieval?.model.knowsUsersByHistoryAlone == true
    }

  /// A recipe of the project on the small sample with users held out whole, short and with settings that cut histories.
  private func asked(_ name: String, _ labels: LabelScaling) throws -> AskedRun {
    var settings: Settings = [
      ("labels", labels.rawValue), ("features.minimum-count", "2"), ("features.history-limit", "3"),
      ("features.minimum-tag-count", "1"), ("data.holdout-users", "0.2"),
    ]
    settings += try modelRecipe(name).baseline == nil
      ? [("retrieval.training.epochs", "1")] : [("baseline.weights", "labels")]
    let recipe = try modelRecipe(name, settings)
    let (dataset, split) = try smallSample.get()
    #expect(dataset.friendships.count > 0)
    var heldOut = try holdOutUsers(share: 0.2, given: 0.8, seed: recipe.seed, from: split, dataset: dataset)
    // Something that is given has no training row.
    let cold = dataset.interactions.items[Int(heldOut.given[0])]
    heldOut.train.removeAll { dataset.interactions.items[Int($0)] == cold }
    return try AskedRun(recipe, dataset: dataset, split: heldOut)
  }

  /// Every such recipe with every scaling; EASE of counts in the thousands is beyond single precision.
  private static let scaledRecipes = recipes.flatMap { name in
    LabelScaling.allCases.filter { name != "ease" || $0 != .none }.map { (name: name, labels: $0) as (name: String, labels: LabelScaling) }
  }

  @Test func theProjectHasSuchRecipes() {
    #expect(Set(Self.recipes).isSuperset(of: ["ease", "history", "item-neighbors", "popularity"]))
  }

  @Test(arguments: scaledRecipes)
  func aUserAndSomeoneWithTheSameItemsGetTheSame(name: String, labels: LabelScaling) throws {
    let asked = try asked(name, labels)
    let counts = asked.data.trainingCounts
    let heldOut = Set(asked.data.given.users).sorted()
    let trained = Set(asked.data.training.users).sorted()
    // Users who have something that no vocabulary knows: items of one training row, and given ones of none at all.
    let rare = trained.filter { user in asked.likes(of: user).contains { counts[Int($0.item)] == 1 } }
    let cold = heldOut.filter { user in asked.likes(of: user).contains { counts[Int($0.item)] == 0 } }
    try #require(!rare.isEmpty && !cold.isEmpty && heldOut.count > 5)
    for user in Set(trained.prefix(4) + rare.prefix(3) + heldOut.prefix(4) + cold.prefix(3)).sorted() {
      let likes = asked.likes(of: user)
      #expect(try Set(likes.map(\.item)) == Set(asked.run.seenItems(of: user)), "user \(user)")
      for request in [request(top: asked.data.itemCount, includesSeen: true), request(top: 10)] {
        let own = try asked.run.recommend(to: .user(user), request)
        let theirs = try asked.run.recommend(to: .likes(likes), request)
        #expect(own.map(\.item) == theirs.map(\.item), "user \(user)")
        let scale = own.compactMap { $0.score.map(abs) }.max() ?? 0
        #expect(own.count == request.top && scale > 0)
        for (item, other) in zip(own, theirs) {
          #expect(abs(try #require(item.score) - #require(other.score)) <= 1e-4 * scale, "user \(user)")
        }
      }
    }
  }

  @Test(arguments: recipes.filter { $0 != "popularity" }) func whatIsLikedDecides(name: String) throws {
    let asked = try asked(name, .log)
    let users = Set(asked.data.given.users).sorted().prefix(2).map { $0 }
    let lists = try users.map { try asked.run.recommend(to: .user($0), request(top: 20)).map(\.item) }
    #expect(lists[0] != lists[1])
    // How much each is liked counts too, where weights do.
    guard name != "history" else { return }
    var likes = asked.likes(of: users[0])
    let counts = asked.data.trainingCounts
    let known = try #require(likes.indices.max { counts[Int(likes[$0].item)] < counts[Int(likes[$1].item)] })
    likes[known].weight *= 100
    let theirs = try asked.run.recommend(to: .likes(likes), request(top: 20))
    #expect(try theirs != asked.run.recommend(to: .user(users[0]), request(top: 20)))
  }
}
