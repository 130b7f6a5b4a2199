import TwoTowerKernels

/// Someone to answer for.
package enum Query: Sendable, Equatable {
  /// A user of the data.
  case user(Int32)
  /// Someone who is not in the data, known by what they like: each item once, at least one.
  case likes([Like])
}

/// An item that someone likes, and how much.
package struct Like: Sendable, Equatable {
  package var item: Int32
  /// Above 0: a listening count, say.
  package var weight: Float

  package init(item: Int32, weight: Float) {
    self.item = item
    self.weight = weight
  }
}

extension [Like] {
  /// The likes as one row of histories.
  var history: SparseRows {
    let likes = sorted { $0.item < $1.item }
    return SparseRows(
      offsets: [0, Int32(likes.count)], indices: likes.map(\.item), weights: likes.map(\.weight))
  }
}

extension Answerer {
  /// The items that someone is known to have, ascending.
  package func knownItems(of query: Query) throws -> [Int32] {
    switch query {
    case .user(let user): try seenItems(of: user)
    case .likes(let likes): likes.map(\.item).sorted()
    }
  }
}
