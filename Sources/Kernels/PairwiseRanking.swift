import Foundation

/// The pairwise loss of Bayesian personalised ranking (Rendle et al., UAI 2009): −ln σ(scale · (⟨q, p⟩ − ⟨q, n⟩)) for
/// each query with its positive and with each of its negatives.
///
/// - Parameters:
///   - queries: `[B, width]`; `positives` alike.
///   - negatives: `[B · negativeCount, width]`, those of one query together.
///   - gradientScale: what gradients are multiplied by; the returned sum is not.
///   - queryGradients: `[B, width]`, overwritten; the others alike, each of the shape of its operand.
/// - Returns: the sum of the losses.
/// - Precondition: the counts fit.
package func pairwiseRanking(
  queries: FloatBuffer, positives: FloatBuffer, negatives: FloatBuffer, width: Int, negativeCount: Int, scale: Float,
  gradientScale: Float, queryGradients: FloatBuffer, positiveGradients: FloatBuffer, negativeGradients: FloatBuffer
) -> Double {
  let rows = width == 0 ? 0 : queries.count / width
  precondition(
    queries.count == rows * width && positives.count == queries.count
      && negatives.count == queries.count * negativeCount && queryGradients.count == queries.count
      && positiveGradients.count == queries.count && negativeGradients.count == negatives.count,
    "pairwiseRanking: queries \(queries.count), positives \(positives.count), negatives \(negatives.count) of \(width)")
  let table = VectorMath.best.table
  let chunkSize = 256
  let partials = Partials(count: rows / chunkSize + 1)
  parallelForEach(count: rows, chunkSize: chunkSize) { range in
    var total = 0.0
    for r in range {
      let (q, p) = (queries.base + r &* width, positives.base + r &* width)
      let (dq, dp) = (queryGradients.base + r &* width, positiveGradients.base + r &* width)
      dq.update(repeating: 0, count: width)
      dp.update(repeating: 0, count: width)
      let positiveScore = table.pointee.dot(q, p, width)
      for k in (r &* negativeCount)..<((r &+ 1) &* negativeCount) {
        let (n, dn) = (negatives.base + k &* width, negativeGradients.base + k &* width)
        let margin = Double(scale) * (Double(positiveScore) - Double(table.pointee.dot(q, n, width)))
        // ln(1 + exp(−margin)), without overflow on either side.
        total += max(0, -margin) + log1p(exp(-abs(margin)))
        let slope = -gradientScale * scale * Float(1 / (1 + exp(margin)))
        table.pointee.scaled_add(slope, p, 1, dq, width)
        table.pointee.scaled_add(-slope, n, 1, dq, width)
        table.pointee.scaled_add(slope, q, 1, dp, width)
        for i in 0..<width { dn[i] = -slope * q[i] }
      }
    }
    partials[range.lowerBound / chunkSize] = total
  }
  return partials.total
}
