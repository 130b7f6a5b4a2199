import Foundation
import TwoTowerAutodiff
import TwoTowerKernels

/// The vector of someone who was not in the training rows, found from what they have with the candidates fixed.
///
/// It minimises the softmax loss of one query, whatever loss the towers were trained by: over candidates of score /
/// temperature, the other things they have masked, on the sphere of the given radius. A few steps of gradient descent
/// from the mean of their candidates come close to what training by a softmax finds.
package struct FoldIn: Sendable {
  /// Steps down the loss.
  ///
  /// More find nothing better for held-out rows.
  package static let steps = 10
  /// Weights count by this power: someone's heaviest item is not worth a thousand others.
  package static let weightPower: Float = 0.25

  /// What a weight counts for.
  package static func effect(of weight: Float) -> Float { pow(weight, weightPower) }

  private let candidates: Tensor
  /// Added to the candidates' scores; empty for none.
  private let offsets: [Float]
  /// The candidates that are never negatives, such as those without a training row.
  private let isNegative: [Bool]
  private let temperature: Float
  private let radius: Float

  /// - Parameters:
  ///   - candidates: `[candidateCount, dimension]`.
  ///   - offsets: added to the score of each candidate; empty for none.
  ///   - isNegative: whether a candidate competes with what someone has.
  ///   - temperature: what scores are divided by before the softmax.
  ///   - radius: the length of the vectors: 1 where scores are cosines.
  package init(
    candidates: Tensor, offsets: [Float] = [], isNegative: [Bool], temperature: Float, radius: Float
  ) {
    precondition(
      candidates.shape.rank == 2 && candidates.shape[0] == isNegative.count
        && (offsets.isEmpty || offsets.count == isNegative.count),
      "FoldIn: candidates \(candidates.shape), \(isNegative.count) flags")
    precondition(temperature > 0 && radius > 0, "FoldIn: temperature \(temperature), radius \(radius)")
    self.candidates = candidates
    self.offsets = offsets
    self.isNegative = isNegative
    self.temperature = temperature
    self.radius = radius
  }

  /// The vector of someone who has `items`, `[dimension]`.
  ///
  /// - Parameters:
  ///   - weights: how much they like each, above 0.
  ///   - scale: what the radius is multiplied by for them.
  /// - Precondition: items exist, each once, and at least one is given.
  package func query(items: [Int32], weights: [Float], scale: Float = 1) -> Tensor {
    let radius = radius * scale
    precondition(
      items.count == weights.count && !items.isEmpty && items.allSatisfy { $0 >= 0 && Int($0) < isNegative.count },
      "FoldIn.query: \(items.count) items and \(weights.count) weights for \(isNegative.count) candidates")
    let largest = weights.max() ?? 1
    let powers = weights.map { Double(Self.effect(of: $0 / largest)) }
    let total = powers.reduce(0, +)
    let shares = powers.map { $0 / total }
    var competes = isNegative
    for item in items { competes[Int(item)] = false }

    var vector = [Float](repeating: 0, count: candidates.shape[1])
    for (item, share) in zip(items, shares) {
      for (column, value) in candidates.row(Int(item)).array.enumerated() { vector[column] += Float(share) * value }
    }
    rescale(&vector, to: radius)
    var current = evaluate(vector, items: items, shares: shares, competes: competes, radius: radius)
    // The first step turns the vector by a tenth of its length at most; accepted steps grow, refused ones shrink.
    var step = 0.1 * radius / max(current.slope, .leastNormalMagnitude)
    for _ in 0..<Self.steps {
      var isBetter = false
      for _ in 0..<4 {
        var next = zip(vector, current.gradient).map { $0 - step * $1 }
        rescale(&next, to: radius)
        let evaluated = evaluate(next, items: items, shares: shares, competes: competes, radius: radius)
        isBetter = evaluated.loss < current.loss
        if isBetter {
          (vector, current) = (next, evaluated)
          step *= 1.5
          break
        }
        step /= 4
      }
      if !isBetter { break }
    }
    return Tensor([vector.count], vector)
  }

  /// The loss Σ share (log(e^s + Z) − s), with s an item's score and Z the sum over what competes, and its gradient
  /// along the sphere.
  private func evaluate(
    _ vector: [Float], items: [Int32], shares: [Double], competes: [Bool], radius: Float
  ) -> (loss: Double, gradient: [Float], slope: Float) {
    let (count, dimension) = (candidates.shape[0], candidates.shape[1])
    let query = FloatBuffer(vector)
    let scores = FloatBuffer(zeros: count)
    var target = scores.mutableSpan
    matrixMultiply(
      query.span, candidates.buffer.span, into: &target, rows: 1, columns: count, inner: dimension,
      transposeB: true, alpha: 1 / temperature)
    for (candidate, offset) in offsets.enumerated() { target[candidate] += offset / temperature }
    let itemScores = items.map { Double(target[Int($0)]) }
    let highest = target.span.isEmpty ? 0 : Double(VectorMath.best.maximum(target.span))
    // From here on the buffer holds what each candidate adds to the gradient: e^(s − highest), then its share.
    for candidate in 0..<count where !competes[candidate] { target[candidate] = -.infinity }
    let sum = VectorMath.best.exponentiate(&target, shift: Float(highest))
    var loss = 0.0
    var pull = 0.0
    var ownShares: [Double] = []
    for (share, score) in zip(shares, itemScores) {
      let own = exp(score - highest)
      loss += share * (log(own + sum) + highest - score)
      pull += share / (own + sum)
      ownShares.append(share * sum / (own + sum))
    }
    for candidate in 0..<count { target[candidate] *= Float(pull) }
    for (item, share) in zip(items, ownShares) { target[Int(item)] = -Float(share) }
    let gradientBuffer = FloatBuffer(zeros: dimension)
    var gradientTarget = gradientBuffer.mutableSpan
    matrixMultiply(
      scores.span, candidates.buffer.span, into: &gradientTarget, rows: 1, columns: dimension, inner: count,
      alpha: 1 / temperature)
    var gradient = gradientBuffer.array
    let radial = zip(gradient, vector).reduce(Float(0)) { $0 + $1.0 * $1.1 } / (radius * radius)
    for column in 0..<dimension { gradient[column] -= radial * vector[column] }
    return (loss, gradient, gradient.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot())
  }

  private func rescale(_ vector: inout [Float], to length: Float) {
    let norm = vector.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
    guard norm > 0 else {
      // Candidates that cancel out say nothing: any direction does.
      if !vector.isEmpty { vector[0] = length }
      return
    }
    for column in vector.indices { vector[column] *= length / norm }
  }
}
