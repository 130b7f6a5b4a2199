import Foundation
import TwoTowerKernels

/// Items drawn from the whole catalogue to compare with beside those of a batch (Yang et al., "Mixed negative sampling
/// for learning two-tower neural networks in recommendations", WWW 2020, section 3.2).
///
/// In a batch of B rows, item j with the share p of the training rows stands B · p times on average, and among n of N
/// items drawn n / N times: the log of the sum is what its logit is corrected by.
struct MixedNegatives {
  private let drawCount: Int
  /// Those with a training row: nothing is learnt of what the others are by themselves.
  private let items: [Int32]
  /// Of each item; empty where nothing is corrected.
  private let shares: [Double]

  init(drawCount: Int, trainingCounts: [Int32], correctsSampling: Bool) {
    self.drawCount = drawCount
    items = trainingCounts.indices.filter { trainingCounts[$0] > 0 }.map(Int32.init)
    let total = Double(max(1, trainingCounts.reduce(0) { $0 + Int($1) }))
    shares = correctsSampling ? trainingCounts.map { Double($0) / total } : []
  }

  /// With replacement.
  func draw(using generator: inout SeededGenerator) -> [Int32] {
    items.isEmpty ? [] : (0..<drawCount).map { _ in items[generator.below(items.count)] }
  }

  /// What is added to the logit of each column.
  ///
  /// - Parameter additions: by item; empty for none.
  func corrections(_ columns: [Int32], batchSize: Int, adding additions: [Float]) -> [Float] {
    let drawn = Double(drawCount) / Double(max(1, items.count))
    return columns.map { item in
      let correction = shares.isEmpty ? 0 : Float(log(Double(batchSize) * shares[Int(item)] + drawn))
      return (additions.isEmpty ? 0 : additions[Int(item)]) - correction
    }
  }
}
