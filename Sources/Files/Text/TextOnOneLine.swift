extension String {
  /// The text with its control characters written as escapes, cut after `limit` characters: a message stays one line,
  /// whatever a damaged file holds.
  package func onOneLine(limit: Int = .max) -> String {
    var line = ""
    for (position, character) in enumerated() {
      if position == limit { return line + "…" }
      for scalar in character.unicodeScalars {
        if scalar.properties.generalCategory == .control {
          line += scalar.escaped(asASCII: true)
        } else {
          line.unicodeScalars.append(scalar)
        }
      }
    }
    return line
  }

  /// The text on one line, cut after `limit` characters, in quotation marks.
  package func quoted(limit: Int = 60) -> String { "\"\(onOneLine(limit: limit))\"" }

  /// The text's lines, without the spaces around them, joined by spaces.
  package var linesJoined: String {
    split(whereSeparator: \.isNewline).map { line in
      var line = line.drop(while: \.isWhitespace)
      while line.last?.isWhitespace == true { line.removeLast() }
      return line
    }.joined(separator: " ")
  }
}
