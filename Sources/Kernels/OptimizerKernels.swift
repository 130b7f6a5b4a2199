import CVectorMath

extension VectorMath {
  /// One Adagrad step on elements `start..<start + count` of a parameter, given their gradient from `gradientStart` on.
  ///
  /// With g = `gradientScale` · gradient: s += g²; p −= rate · g / (√(s + epsilonInside) + epsilonOutside). Keras adds
  /// its epsilon inside the root, PyTorch outside (Duchi, Hazan, Singer 2011).
  ///
  /// - Precondition: the ranges exist in all three spans.
  public func adagrad(
    _ parameters: inout MutableSpan<Float>, squares: inout MutableSpan<Float>, from start: Int,
    gradient: Span<Float>, from gradientStart: Int, count: Int, gradientScale: Float = 1, rate: Float,
    epsilonInside: Float = 0, epsilonOutside: Float = 0
  ) {
    checkRange(start, count, parameters.count, "parameters")
    checkRange(start, count, squares.count, "squares")
    checkRange(gradientStart, count, gradient.count, "gradient")
    parameters.withUnsafeMutableBufferPointer { p in
      squares.withUnsafeMutableBufferPointer { s in
        gradient.withUnsafeBufferPointer { g in
          guard let p = p.baseAddress, let s = s.baseAddress, let g = g.baseAddress else { return }
          table.pointee.adagrad(
            p + start, s + start, g + gradientStart, count, gradientScale, rate, epsilonInside, epsilonOutside)
        }
      }
    }
  }

  /// One Adam step on elements `start..<start + count` of a parameter, given their gradient from `gradientStart` on.
  ///
  /// With g = `gradientScale` · gradient: m += (1 − β₁)(g − m); v += (1 − β₂)(g² − v);
  /// p = decay · p − rate · m / (correction · √v + epsilon). The caller folds the bias corrections in:
  /// rate = learning rate / (1 − β₁ᵗ), correction = 1 / √(1 − β₂ᵗ); AdamW: decay = 1 − learning rate · weight decay
  /// (Kingma and Ba 2015; Loshchilov and Hutter 2019).
  ///
  /// - Precondition: the ranges exist in all four spans.
  public func adam(
    _ parameters: inout MutableSpan<Float>, means: inout MutableSpan<Float>, squares: inout MutableSpan<Float>,
    from start: Int, gradient: Span<Float>, from gradientStart: Int, count: Int, gradientScale: Float = 1,
    beta1: Float, beta2: Float, rate: Float, correction: Float, epsilon: Float, decay: Float = 1
  ) {
    checkRange(start, count, parameters.count, "parameters")
    checkRange(start, count, means.count, "means")
    checkRange(start, count, squares.count, "squares")
    checkRange(gradientStart, count, gradient.count, "gradient")
    parameters.withUnsafeMutableBufferPointer { p in
      means.withUnsafeMutableBufferPointer { m in
        squares.withUnsafeMutableBufferPointer { v in
          gradient.withUnsafeBufferPointer { g in
            guard let p = p.baseAddress, let m = m.baseAddress, let v = v.baseAddress, let g = g.baseAddress
            else { return }
            table.pointee.adam(
              p + start, m + start, v + start, g + gradientStart, count, gradientScale, beta1, beta2, decay, rate,
              correction, epsilon)
          }
        }
      }
    }
  }

  private func checkRange(_ start: Int, _ count: Int, _ available: Int, _ name: String) {
    precondition(
      start >= 0 && count >= 0 && count <= available - start,
      "VectorMath: \(count) elements from \(start) of \(available) \(name)")
  }
}
