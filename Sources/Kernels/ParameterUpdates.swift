import TwoTowerCVectorMath

// One step of each optimiser over the whole of a parameter or over some of its rows. `rows` nil means everything;
// otherwise row i of `gradient` belongs to row rows[i] of the others, and no row is named twice.

/// v = momentum · v + g;  w −= rate · v, with g = gradient + decay · w.
package func updateWithMomentum(
  _ weights: inout MutableSpan<Float>, velocity: inout MutableSpan<Float>, gradient: Span<Float>,
  rows: [Int32]?, width: Int, rate: Float, momentum: Float, decay: Float
) {
  checkUpdate("updateWithMomentum", weights.count, velocity.count, gradient.count, rows, width)
  let count = weights.count
  withPointers(gradient, gradient, &weights) { gradient, _, weights in
    velocity.withUnsafeMutableBufferPointer { velocity in
      guard let velocity = velocity.baseAddress else { return }
      forEachRun(rows, width: width, count: count) { at, from, length in
        let (w, v, g) = (weights + at, velocity + at, gradient + from)
        for i in 0..<length {
          v[i] = momentum * v[i] + (g[i] + decay * w[i])
          w[i] -= rate * v[i]
        }
      }
    }
  }
}

/// w −= rate · (gradient + decay · w).
package func updateByGradient(
  _ weights: inout MutableSpan<Float>, gradient: Span<Float>, rows: [Int32]?, width: Int, rate: Float, decay: Float
) {
  checkUpdate("updateByGradient", weights.count, weights.count, gradient.count, rows, width)
  let count = weights.count
  withPointers(gradient, gradient, &weights) { gradient, _, weights in
    forEachRun(rows, width: width, count: count) { at, from, length in
      let (w, g) = (weights + at, gradient + from)
      for i in 0..<length { w[i] -= rate * (g[i] + decay * w[i]) }
    }
  }
}

/// a += g²;  w −= rate · g / √(a + epsilon), with g = gradient + decay · w (Duchi, Hazan, Singer 2011; the epsilon
/// inside the root, as in Keras).
package func updateWithAdagrad(
  _ weights: inout MutableSpan<Float>, accumulator: inout MutableSpan<Float>, gradient: Span<Float>,
  rows: [Int32]?, width: Int, rate: Float, epsilon: Float, decay: Float, on vectorMath: VectorMath = .best
) {
  checkUpdate("updateWithAdagrad", weights.count, accumulator.count, gradient.count, rows, width)
  let count = weights.count
  withPointers(gradient, gradient, &weights) { gradient, _, weights in
    accumulator.withUnsafeMutableBufferPointer { accumulator in
      guard let accumulator = accumulator.baseAddress else { return }
      let table = vectorMath.table
      forEachRun(rows, width: width, count: count) { at, from, length in
        let w = weights + at
        withDecayedGradient(gradient + from, decay, w, length) { g in
          table.pointee.adagrad(w, accumulator + at, g, length, 1, rate, epsilon, 0)
        }
      }
    }
  }
}

/// The constants of one Adam step.
package struct AdamStep: Sendable {
  package var beta1: Float
  package var beta2: Float
  package var epsilon: Float
  /// The learning rate over 1 − β₁ᵗ.
  package var rate: Float
  /// 1 / √(1 − β₂ᵗ).
  package var secondMomentScale: Float
  /// Added to the gradient, times the weight.
  package var decay: Float
  /// What weights are multiplied by before the step: 1 − rate · decoupled decay.
  package var shrinkage: Float

  package init(
    beta1: Float, beta2: Float, epsilon: Float, rate: Float, secondMomentScale: Float, decay: Float, shrinkage: Float
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.rate = rate
    self.secondMomentScale = secondMomentScale
    self.decay = decay
    self.shrinkage = shrinkage
  }
}

/// m = β₁ m + (1 − β₁) g;  v = β₂ v + (1 − β₂) g²;  w = shrinkage · w − rate · m / (scale · √v + epsilon), with
/// g = gradient + decay · w (Kingma and Ba 2015; Loshchilov and Hutter 2019).
package func updateWithAdam(
  _ weights: inout MutableSpan<Float>, firstMoment: inout MutableSpan<Float>, secondMoment: inout MutableSpan<Float>,
  gradient: Span<Float>, rows: [Int32]?, width: Int, step: AdamStep, on vectorMath: VectorMath = .best
) {
  checkUpdate("updateWithAdam", weights.count, firstMoment.count, gradient.count, rows, width)
  precondition(secondMoment.count == weights.count, "updateWithAdam: moments of \(secondMoment.count) elements")
  let count = weights.count
  let table = vectorMath.table
  withPointers(gradient, gradient, &weights) { gradient, _, weights in
    firstMoment.withUnsafeMutableBufferPointer { first in
      secondMoment.withUnsafeMutableBufferPointer { second in
        guard let first = first.baseAddress, let second = second.baseAddress else { return }
        forEachRun(rows, width: width, count: count) { at, from, length in
          let w = weights + at
          withDecayedGradient(gradient + from, step.decay, w, length) { g in
            table.pointee.adam(
              w, first + at, second + at, g, length, 1, step.beta1, step.beta2, step.shrinkage, step.rate,
              step.secondMomentScale, step.epsilon)
          }
        }
      }
    }
  }
}

/// Calls `body` with gradient + decay · weights, for loops that know no decay.
@inline(__always)
private func withDecayedGradient(
  _ gradient: UnsafePointer<Float>, _ decay: Float, _ weights: UnsafePointer<Float>, _ count: Int,
  _ body: (UnsafePointer<Float>) -> Void
) {
  guard decay != 0 else { return body(gradient) }
  withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { decayed in
    guard let decayed = decayed.baseAddress else { return }
    for i in 0..<count { decayed[i] = gradient[i] + decay * weights[i] }
    body(decayed)
  }
}

/// Calls `body` for runs of elements in parallel: where a run starts in the weights, in the gradient, and its length.
@inline(__always)
private func forEachRun(
  _ rows: [Int32]?, width: Int, count: Int, _ body: (_ at: Int, _ from: Int, _ length: Int) -> Void
) {
  guard let rows else {
    parallelForEach(count: count, chunkSize: 1 << 14) { range in body(range.lowerBound, range.lowerBound, range.count) }
    return
  }
  rows.withUnsafeBufferPointer { rows in
    parallelForEach(count: rows.count, chunkSize: max(1, (1 << 14) / max(width, 1))) { range in
      for i in range { body(Int(rows[i]) &* width, i &* width, width) }
    }
  }
}

private func checkUpdate(
  _ name: StaticString, _ weights: Int, _ state: Int, _ gradient: Int, _ rows: [Int32]?, _ width: Int
) {
  precondition(state == weights, "\(name): \(weights) weights, \(state) of state")
  guard let rows else {
    precondition(gradient == weights, "\(name): \(weights) weights, \(gradient) of gradient")
    return
  }
  checkRows(name, rows.span, rowCount: width == 0 ? Int.max : weights / width)
  precondition(gradient == rows.count * width, "\(name): \(gradient) of gradient is not [\(rows.count), \(width)]")
}
