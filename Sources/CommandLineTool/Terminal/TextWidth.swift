extension String {
  /// The columns that a terminal gives the text.
  package var columnCount: Int { reduce(0) { $0 + $1.columnCount } }

  /// The text in at most so many columns, with "…" where something is left out.
  package func shortened(to width: Int) -> String {
    guard columnCount > width else { return self }
    var text = ""
    var left = width - 1
    for character in self {
      left -= character.columnCount
      if left < 0 { break }
      text.append(character)
    }
    return text + "…"
  }
}

extension Character {
  /// The columns that a terminal gives the character: two for wide ones of East Asia and for emoji (Unicode Standard
  /// Annex 11), none for marks that stand on another.
  var columnCount: Int {
    guard let scalar = unicodeScalars.first, scalar.value >= 0x300 else { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    let isWide = Self.wideRanges.contains { $0.contains(scalar.value) } || scalar.properties.isEmojiPresentation
    return isWide ? 2 : 1
  }

  /// Hangul, kana, Han and full-width forms.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
