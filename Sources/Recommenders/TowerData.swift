import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerKernels

/// (user, item) pairs with the labels of the ranking task, by columns of equal length.
package struct LabeledPairs: Sendable, Equatable {
  package var users: [Int32]
  package var items: [Int32]
  package var labels: [Float]

  package init(users: [Int32] = [], items: [Int32] = [], labels: [Float] = []) {
    precondition(
      users.count == items.count && users.count == labels.count,
      "LabeledPairs: \(users.count) users, \(items.count) items, \(labels.count) labels")
    self.users = users
    self.items = items
    self.labels = labels
  }

  package var count: Int { users.count }

  /// The given pairs, in the given order.
  package func selecting(_ rows: [Int32]) -> LabeledPairs {
    LabeledPairs(
      users: rows.map { users[Int($0)] }, items: rows.map { items[Int($0)] }, labels: rows.map { labels[Int($0)] })
  }
}

/// All that models see of a data set, and all that is needed to ask them once the files are gone.
package struct TowerData: Sendable {
  /// Identifiers as in the files; users and items are numbered by them.
  package var userIdentifiers: [String]
  package var itemIdentifiers: [String]
  package var itemNames: [String]
  /// Row `i` of a feature's `perTrainingRow` is pair `i`.
  package var training: LabeledPairs
  /// Training pairs held out to choose when to stop.
  package var validation: LabeledPairs
  /// How the validation pairs were taken from the training rows.
  package var validationKind = SplitKind.random
  package var test: LabeledPairs
  /// Of users held out whole: what they are known to have when they ask.
  ///
  /// Features of histories have it, training not.
  package var given = LabeledPairs()
  /// Of users held out whole: what is to be found.
  package var hidden = LabeledPairs()
  /// What is given of users held out whole with weights as in the interactions: a row for every user, empty for the
  /// others.
  package var givenHistory: SparseRows
  /// What was fitted on training rows besides weights: whoever asks is encoded by it.
  package var encoder = FeatureEncoder(labelScaler: LabelScaler(.none, userScales: [], lowest: 0, highest: 0))
  /// What predictions are multiplied by to stand beside the labels of test rows.
  package var heldOutFactors = HeldOutFactors()
  package var features: [Feature]
  /// Numbers of a pair, for ranking given candidates; nil where no model takes them.
  package var pairFeatures: PairFeatures?
  /// Each item's genres, for people to read and to filter by; no model sees them.
  package var itemGenres: ItemGenres

  package init(
    userIdentifiers: [String], itemIdentifiers: [String], itemNames: [String], training: LabeledPairs,
    validation: LabeledPairs, test: LabeledPairs, features: [Feature], pairFeatures: PairFeatures?,
    itemGenres: ItemGenres? = nil
  ) {
    self.userIdentifiers = userIdentifiers
    self.itemIdentifiers = itemIdentifiers
    self.itemNames = itemNames
    self.training = training
    self.validation = validation
    self.test = test
    self.features = features
    self.pairFeatures = pairFeatures
    givenHistory = SparseRows(emptyRows: userIdentifiers.count)
    self.itemGenres = itemGenres ?? ItemGenres(itemCount: itemIdentifiers.count)
  }

  package var userCount: Int { userIdentifiers.count }
  package var itemCount: Int { itemIdentifiers.count }

  /// Training rows of each item.
  package var trainingCounts: [Int32] {
    var counts = [Int32](repeating: 0, count: itemCount)
    for item in training.items { counts[Int(item)] += 1 }
    return counts
  }

  /// Each user's training items, ascending.
  package var trainingHistory: SparseRows { itemLists(of: [training]) }

  /// How many users have each item, by all that is known of them.
  package var knownCounts: [Int] {
    var counts = [Int](repeating: 0, count: itemCount)
    for pairs in [training, validation, given] {
      for item in pairs.items { counts[Int(item)] += 1 }
    }
    return counts
  }

  /// Each user's items of the training rows, validation rows and what was given included, ascending: what need not be
  /// recommended.
  package var seenItems: SparseRows { itemLists(of: [training, validation, given]) }

  /// Each user's items of the rows that no model was trained on, ascending: what is measured.
  package var heldOutItems: SparseRows { itemLists(of: [test, hidden]) }

  /// The items by which a fitted model knows each user, ascending: those of the training rows, and what was given.
  package var fittedItems: SparseRows { itemLists(of: [training, given]) }

  /// The items given of each user held out whole, ascending; nothing for the others.
  package var givenItems: SparseRows { itemLists(of: [given]) }

  /// The validation pairs that tell models apart: of those taken from the end, the ones of users with training rows.
  ///
  /// Someone who comes first in the last rows is served what is popular whatever the model: measured by the model's own
  /// scores, which nobody is shown, they would choose it by chance, and measured as served they add the same to all.
  /// Of pairs taken at random all count, as hardly any are of such users.
  package var telling: LabeledPairs {
    guard validationKind == .temporal else { return validation }
    var hasRow = [Bool](repeating: false, count: userCount)
    for user in training.users { hasRow[Int(user)] = true }
    return validation.selecting(validation.users.indices.filter { hasRow[Int(validation.users[$0])] }.map(Int32.init))
  }

  /// Whether an input among `names` says something of each user.
  package func usersPlaced(by names: [FeatureName]) -> [Bool] {
    var isPlaced = [Bool](repeating: false, count: userCount)
    for feature in features where names.contains(where: { $0.rawValue == feature.name }) {
      guard case .bags(let bags, _) = feature.entity else { continue }
      // Row 0 of a table stands for what is not known.
      for (user, row) in zip(bags.owners, bags.indices) where row > 0 { isPlaced[Int(user)] = true }
    }
    return isPlaced
  }

  /// What is known of the items, apart from any model.
  package var servedCatalogue: ServedCatalogue {
    ServedCatalogue(counts: knownCounts, hasTags: itemGenres.hasTags)
  }

  private func itemLists(of rows: [LabeledPairs]) -> SparseRows {
    let pairs = PairTable(
      users: rows.flatMap(\.users), items: rows.flatMap(\.items), userCount: userCount, itemCount: itemCount)
    return SparseRows(pairs.lists)
  }
}
