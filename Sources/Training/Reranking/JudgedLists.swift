import Foundation
import TwoTowerKernels

/// Lists of candidates, some of them relevant, that a weighted sum of their numbers is to put in order.
package struct JudgedLists {
  package struct List: Sendable {
    /// `[candidates, width]`, row-major, the candidates in the order of retrieval.
    package let values: [Float]
    package let isRelevant: [Bool]
    /// The gain of the best order of all that is relevant, found or not.
    package let idealGain: Double

    package init(values: [Float], isRelevant: [Bool], idealGain: Double) {
      (self.values, self.isRelevant, self.idealGain) = (values, isRelevant, idealGain)
    }
  }

  package let width: Int
  package private(set) var lists: [List] = []

  package init(width: Int) { self.width = width }

  package mutating func append(_ list: List) {
    precondition(list.values.count == list.isRelevant.count * width, "JudgedLists: \(list.values.count) values")
    lists.append(list)
  }

  /// The weights under which relevant candidates are the likeliest, by a softmax over each list (Cao et al., "Learning
  /// to rank: from pairwise approach to listwise approach", ICML 2007), found by Newton's method.
  ///
  /// - Parameters:
  ///   - isUsed: whether a list counts, by its position.
  ///   - decay: of the weights' squares, for each list.
  package func weights(decay: Double = 0.1, where isUsed: (Int) -> Bool = { _ in true }) -> [Float] {
    let used = lists.indices.filter { isUsed($0) && lists[$0].isRelevant.contains(true) }
    var weights = [Double](repeating: 0, count: width)
    weights[0] = 1
    guard !used.isEmpty else { return weights.map(Float.init) }
    var current = loss(weights, used, decay: decay)
    for _ in 0..<30 {
      guard let step = newtonStep(current) else { break }
      var scale = 1.0
      var next = current
      repeat {
        next = loss(zip(weights, step).map { $0 - scale * $1 }, used, decay: decay)
        scale /= 2
      } while next.value > current.value && scale > 1e-4
      guard next.value < current.value - 1e-9 * abs(current.value) else { break }
      weights = zip(weights, step).map { $0 - 2 * scale * $1 }
      current = next
    }
    return weights.map(Float.init)
  }

  private struct Loss {
    var value = 0.0
    var gradient: [Double]
    /// `[width, width]`.
    var curvature: [Double]
  }

  /// The mean loss of a list and its derivatives.
  private func loss(_ weights: [Double], _ used: [Int], decay: Double) -> Loss {
    var loss = Loss(
      gradient: weights.map { 2 * decay * $0 }, curvature: [Double](repeating: 0, count: width * width))
    loss.value = decay * weights.reduce(0) { $0 + $1 * $1 }
    for column in 0..<width { loss.curvature[column * width + column] = 2 * decay }
    let share = 1 / Double(used.count)
    for position in used {
      let list = lists[position]
      let scores = list.isRelevant.indices.map { row in
        (0..<width).reduce(0.0) { $0 + weights[$1] * Double(list.values[row * width + $1]) }
      }
      let greatest = scores.max()!
      let total = scores.reduce(0.0) { $0 + exp($1 - greatest) }
      let relevant = Double(list.isRelevant.count { $0 })
      var mean = [Double](repeating: 0, count: width)
      for row in scores.indices {
        let probability = exp(scores[row] - greatest) / total
        let target = list.isRelevant[row] ? 1 / relevant : 0
        if target > 0 { loss.value -= share * target * (scores[row] - greatest - log(total)) }
        for column in 0..<width {
          let value = Double(list.values[row * width + column])
          mean[column] += probability * value
          loss.gradient[column] += share * (probability - target) * value
          for other in column..<width {
            loss.curvature[column * width + other] +=
              share * probability * value * Double(list.values[row * width + other])
          }
        }
      }
      for column in 0..<width {
        for other in column..<width { loss.curvature[column * width + other] -= share * mean[column] * mean[other] }
      }
    }
    return loss
  }

  /// The gradient over the curvature; nil where that is singular.
  private func newtonStep(_ loss: Loss) -> [Double]? {
    let (matrix, step) = (FloatBuffer(loss.curvature.map(Float.init)), FloatBuffer(loss.gradient.map(Float.init)))
    var matrixSpan = matrix.mutableSpan
    var stepSpan = step.mutableSpan
    guard solvePositiveDefinite(&matrixSpan, rows: &stepSpan, order: width) else { return nil }
    return step.array.map(Double.init)
  }
}
