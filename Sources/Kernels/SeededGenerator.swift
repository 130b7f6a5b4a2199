/// A counter-based random generator keyed by seed, purpose, epoch and step.
///
/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014) over a mixed key:
/// the n-th draw depends on the key and n alone, so any step of a run can be drawn again without the ones before it.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  /// What the numbers are for: different purposes never share a stream.
  package enum Purpose: UInt64, Sendable {
    case initialization = 1, split, validation, shuffle, dropout, identifierDropout, sample, negatives, bootstrap
    case evaluatedUsers, heldOutUsers, tuning
  }

  private var state: UInt64

  package init(seed: UInt64, purpose: Purpose, epoch: Int = 0, step: Int = 0, stream: Int = 0) {
    var key = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
    for part in [
      purpose.rawValue, UInt64(bitPattern: Int64(epoch)), UInt64(bitPattern: Int64(step)),
      UInt64(bitPattern: Int64(stream)),
    ] {
      key = Self.mix(key ^ Self.mix(part &+ 0xD1B5_4A32_D192_ED03))
    }
    state = key
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A uniform draw in [0, 1), with 24 random bits.
  package mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A uniform draw in [0, 1), with 53 random bits.
  package mutating func uniformDouble() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A uniform whole number in 0..<bound, unbiased (Lemire 2019, rejection by the multiply's low half).
  ///
  /// - Precondition: `bound > 0`.
  package mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "SeededGenerator.below: bound \(bound) is not positive")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// Puts `values` in random order (Fisher–Yates).
  @inlinable  // for the caller's type of element: unspecialised, every exchange goes through tables
  package mutating func shuffle<Element>(_ values: inout [Element]) {
    guard values.count > 1 else { return }
    for i in stride(from: values.count - 1, to: 0, by: -1) { values.swapAt(i, below(i + 1)) }
  }
}
