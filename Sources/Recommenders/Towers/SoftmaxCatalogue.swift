import Foundation
import TwoTowerKernels

/// The items that a softmax over the catalogue is taken over: all, or those that the batch's users have and some more
/// drawn at random, which stand for the rest.
///
/// Of the rest, N items, n are drawn without replacement and their logits raised by log(N / n): the sum over the
/// catalogue is then right on average (sampled softmax: Bengio and Senécal, "Adaptive importance sampling to accelerate
/// training of a neural probabilistic language model", IEEE TNN 2008).
struct SoftmaxCatalogue {
  /// The item of each column.
  let items: [Int32]
  /// Added to the logits of each column; empty for none.
  let corrections: [Float]
  /// The column of each item; empty where that is the item itself.
  private let columns: [Int32]

  /// All items.
  ///
  /// - Parameter additions: to the logits of each item; empty for none.
  init(itemCount: Int, additions: [Float]) {
    self.init(items: [Int32](0..<Int32(itemCount)), corrections: additions, columns: [])
  }

  private init(items: [Int32], corrections: [Float], columns: [Int32]) {
    (self.items, self.corrections, self.columns) = (items, corrections, columns)
  }

  /// The items that `users` have by `histories`, and `drawCount` others; all, where there are no more than that.
  init(
    users: [Int32], histories: IndexLists, drawCount: Int, itemCount: Int, additions: [Float],
    using generator: inout SeededGenerator
  ) {
    var columns = [Int32](repeating: -1, count: itemCount)
    var items: [Int32] = []
    func add(_ item: Int32) {
      guard columns[Int(item)] < 0 else { return }
      columns[Int(item)] = Int32(items.count)
      items.append(item)
    }
    for user in users { for item in histories[Int(user)] { add(item) } }
    let had = items.count
    guard drawCount < itemCount - had else {
      self.init(itemCount: itemCount, additions: additions)
      return
    }
    // Another draw in place of what is there already: the same as drawing without replacement.
    while items.count < had + drawCount { add(Int32(generator.below(itemCount))) }
    let raise = Float(log(Double(itemCount - had) / Double(drawCount)))
    let corrections = items.enumerated().map { place, item in
      (additions.isEmpty ? 0 : additions[Int(item)]) + (place < had ? 0 : raise)
    }
    self.init(items: items, corrections: corrections, columns: columns)
  }

  /// - Precondition: the item is one of `items`.
  func column(of item: Int32) -> Int32 { columns.isEmpty ? item : columns[Int(item)] }
}
