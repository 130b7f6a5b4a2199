import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// Embeddings of identifiers, each with those of its neighbours in the graph of who has what, and of theirs: the sum of
/// 0 to `hops` steps over the edges u–i, each weighing 1 / √(degree of u · degree of i) (LightGCN: He et al., SIGIR 2020,
/// equations 3 and 4, with weights of 1 for every step).
struct Propagation {
  private let hops: Int
  private let userCount: Int
  /// Users, then items: row u has the places of the items of u, and the row of an item those of its users.
  private let graph: SparseRows

  /// - Parameter history: each user's training items, ascending.
  init(hops: Int, history: SparseRows, itemCount: Int) {
    self.hops = hops
    userCount = history.rowCount
    let (users, items) = (history.lists, history.transposed(rowCount: itemCount).lists)
    var graph = SparseRows()
    graph.reserveCapacity(rows: users.count + items.count, entries: 2 * users.indices.count)
    for (lists, others, offset) in [(users, items, users.count), (items, users, 0)] {
      for row in 0..<lists.count {
        let degree = Float(lists.range(of: row).count)
        for index in lists[row] {
          graph.append(
            Int32(offset) + index, weight: 1 / (degree * Float(others.range(of: Int(index)).count)).squareRoot())
        }
        graph.endRow()
      }
    }
    self.graph = graph
  }

  /// The propagated embeddings of users, then of items, `[userCount + itemCount, d]`.
  ///
  /// - Parameters:
  ///   - users: `[userCount, d]`.
  ///   - items: `[itemCount, d]`.
  func callAsFunction(users: Variable, items: Variable) -> Variable {
    propagate(concatenateRows(users, items), over: graph, hops: hops)
  }

  /// The place of an item among the propagated embeddings; a user's is its own number.
  func place(ofItem item: Int32) -> Int32 { Int32(userCount) + item }
}
