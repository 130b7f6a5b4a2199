/// Invented artist names: two words of syllables, decorated.
///
/// No two indices below `limit` share a name.
enum SampleArtistNames {
  /// Two words of two syllables, 64 syllables.
  static let limit = 1 << 24

  private static let consonants = Array("bdfgklmnprstvzjh")
  private static let vowels = Array("aeio")

  static func name(_ index: Int) -> String {
    precondition((0..<limit).contains(index), "SampleArtistNames: index \(index) of \(limit)")
    // Multiplying by an odd number permutes the 24-bit numbers, so neighbours look nothing alike.
    let scattered = (index &* 10_368_889 &+ 3_141_592) & (limit - 1)
    let first = word(scattered >> 12)
    let second = word(scattered & 0xFFF)
    // Taking the decoration off gives the two words back, so it cannot make two names the same.
    return switch (scattered >> 7) % 12 {
    case 0: "The \(first) \(second)"
    case 1: "\(first) & \(second)"
    case 2: "\(first) \(second) Trio"
    case 3: "Café \(first) \(second)"
    case 4: "\(first)-\(second)"
    case 5: "\(first) and the \(second)s"
    case 6: "\(first) \(second) Ensemble"
    default: "\(first) \(second)"
    }
  }

  private static func word(_ bits: Int) -> String {
    var word = ""
    for shift in [6, 0] {
      let syllable = (bits >> shift) & 63
      word.append(consonants[syllable >> 2])
      word.append(vowels[syllable & 3])
    }
    return word.prefix(1).uppercased() + word.dropFirst()
  }
}
