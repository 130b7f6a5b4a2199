import TwoTowerDatasets
import TwoTowerKernels

/// What is known of users when they are encoded, in the data or not: a row each.
///
/// Plain facts in the numbers of the data; what they mean to a model is what a `FeatureEncoder` has learnt.
package struct UserProfiles: Sendable {
  /// The items that each user is known to have, ascending; weights as in the interactions.
  package let history: SparseRows
  /// Each user's number in the data, -1 for those who are not in it.
  let users: [Int32]
  /// Each user's friends among those of the data, ascending; the weight is how often the friendship is listed.
  let friends: SparseRows
  /// The tags that each user has given, ascending; the weight is how often.
  let tags: SparseRows
  /// The items that each user has tagged, ascending; the weight is the number of tags.
  let taggedItems: SparseRows

  package var count: Int { history.rowCount }

  /// People known by what they have alone: no identifier, friends or tags.
  ///
  /// - Precondition: the items of a row ascend, each once; weights are finite and not negative.
  package init(histories: SparseRows) {
    precondition(
      IndexLists.defect(
        offsets: histories.offsets, indices: histories.indices, below: Int(Int32.max), ascending: true) == nil,
      "UserProfiles: a history's items do not ascend")
    precondition(
      histories.weights.allSatisfy { $0.isFinite && $0 >= 0 }, "UserProfiles: a weight is not finite or below 0")
    let nothing = SparseRows(emptyRows: histories.rowCount)
    self.init(
      history: histories, users: Array(repeating: -1, count: histories.rowCount), friends: nothing, tags: nothing,
      taggedItems: nothing)
  }

  init(history: SparseRows, users: [Int32], friends: SparseRows, tags: SparseRows, taggedItems: SparseRows) {
    self.history = history
    self.users = users
    self.friends = friends
    self.tags = tags
    self.taggedItems = taggedItems
  }
}

extension UserProfiles {
  /// All users of the data.
  ///
  /// - Parameters:
  ///   - histories: what each is known to have.
  ///   - assignments: the tags that they gave, without those of held-out pairs.
  init(of dataset: Dataset, histories: SparseRows, assignments: TagAssignments) {
    let userCount = dataset.users.count
    self.init(
      history: histories, users: Array(0..<Int32(userCount)),
      friends: SparseRows(
        counting: dataset.friendships.users, indices: dataset.friendships.friends, rowCount: userCount,
        indexCount: userCount),
      tags: SparseRows(
        counting: assignments.users, indices: assignments.tags, rowCount: userCount,
        indexCount: dataset.tagNames.count),
      taggedItems: SparseRows(
        counting: assignments.users, indices: assignments.items, rowCount: userCount, indexCount: dataset.items.count))
  }
}
