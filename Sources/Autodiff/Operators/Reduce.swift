import TwoTowerKernels

/// What becomes of the losses of a batch.
package enum Reduction: String, Sendable, Codable {
  case mean, sum
}

extension Variable {
  /// The sum of all elements, a scalar.
  package func sum() -> Variable { scaledSum(1) }

  /// The mean of all elements, a scalar; 0 when there are none.
  package func mean() -> Variable { scaledSum(shape.count == 0 ? 0 : 1 / Float(shape.count)) }

  private func scaledSum(_ scale: Float) -> Variable {
    let tape = tape
    let result = Tensor(scalar: Float(TwoTowerKernels.sum(value.buffer.span) * Double(scale)))
    return tape.record(result, inputs: [self]) { gradient in
      tape.accumulate(into: self) { dx in
        addConstant(gradient.item * scale, into: &dx)
      }
    }
  }
}
