/// out += x / (1 − rate), without a random share `rate` of the elements.
///
/// Which elements are left out depends on seed, rate and position alone: forward and backward passes agree.
///
/// - Precondition: equal counts; `rate` in 0..<1.
public func addDropout(_ x: Span<Float>, rate: Float, seed: UInt64, into out: inout MutableSpan<Float>) {
  let count = checkedCount("addDropout", x.count, x.count, out.count)
  precondition(rate >= 0 && rate < 1, "addDropout: rate \(rate) is not in 0..<1")
  let kept = 1 / (1 - rate)
  let threshold = UInt32(rate * 0x1p24)
  let chunkSize = 1 << 13
  withPointers(x, x, &out) { x, _, out in
    parallelForEach(count: count, chunkSize: chunkSize) { range in
      var generator = SeededGenerator(seed: seed, purpose: .dropout, stream: range.lowerBound / chunkSize)
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
        let bits = generator.next()  // 24 bits decide for each of two elements
        out[i] += UInt32(bits >> 40) < threshold ? 0 : kept * x[i]
        guard i &+ 1 < range.upperBound else { break }
        out[i &+ 1] += UInt32(truncatingIfNeeded: bits) & 0xFF_FFFF < threshold ? 0 : kept * x[i &+ 1]
      }
    }
  }
}
