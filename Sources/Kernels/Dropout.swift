/// out = x / (1 − rate), or 0 for a random share `rate` of the elements.
///
/// `out` may be `x`.
///
/// Which elements become 0 depends on seed, rate and position alone: forward and backward passes agree. The rate is
/// taken to the nearest 1/65536: one draw of 64 bits decides for four elements.
///
/// - Precondition: equal counts; `rate` in 0..<1.
package func dropout(_ x: Span<Float>, rate: Float, seed: UInt64, into out: inout MutableSpan<Float>) {
  let count = checkedCount("dropout", x.count, x.count, out.count)
  precondition(rate >= 0 && rate < 1, "dropout: rate \(rate) is not in 0..<1")
  let threshold = UInt32((rate * 65_536).rounded())
  let kept = threshold > 65_535 ? 0 : 65_536 / Float(65_536 - threshold)
  let chunkSize = 1 << 13
  withPointers(x, x, &out) { x, _, out in
    parallelForEach(count: count, chunkSize: chunkSize) { range in
      var generator = SeededGenerator(seed: seed, purpose: .dropout, stream: range.lowerBound / chunkSize)
      var i = range.lowerBound
      while i &+ 4 <= range.upperBound {
        let factors = keptFactors(&generator, threshold, kept)
        let values = UnsafeRawPointer(x + i).loadUnaligned(as: SIMD4<Float>.self)
        UnsafeMutableRawPointer(out + i).storeBytes(of: values * factors, as: SIMD4<Float>.self)
        i &+= 4
      }
      guard i < range.upperBound else { return }
      let factors = keptFactors(&generator, threshold, kept)
      for j in i..<range.upperBound { out[j] = x[j] * factors[j &- i] }
    }
  }
}

/// Four factors, each 0 with probability threshold / 65536 and else `kept`.
///
/// Without branches: random bits mislead them.
@inline(__always)
private func keptFactors(_ generator: inout SeededGenerator, _ threshold: UInt32, _ kept: Float) -> SIMD4<Float> {
  let draws = SIMD4<UInt32>(truncatingIfNeeded: unsafeBitCast(generator.next(), to: SIMD4<UInt16>.self))
  return SIMD4<Float>(repeating: kept).replacing(with: 0, where: draws .< SIMD4(repeating: threshold))
}
