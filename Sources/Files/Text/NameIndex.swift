import Foundation

/// Finds names by what people type.
///
/// The name itself is meant first, then the same but for letter case and accents, then but for punctuation and a leading
/// "the", then but for spaces and a year in brackets at the end: "beatles" is "The Beatles", "ACDC" is "AC/DC", and
/// "the empire strikes back" is "Empire Strikes Back, The (1980)".
package struct NameIndex: Sendable {
  private let names: [String]
  private var byLetters: [String: [Int]] = [:]
  private var byWords: [String: [Int]] = [:]
  private var bySqueezedWords: [String: [Int]] = [:]

  package init(_ names: [String]) {
    self.names = names
    for (position, name) in names.enumerated() {
      let letters = foldedForSearch(name)
      guard !letters.isEmpty else { continue }
      byLetters[letters, default: []].append(position)
      byWords[words(letters), default: []].append(position)
      bySqueezedWords[squeezedWords(letters), default: []].append(position)
    }
  }

  /// The positions of the names that are `text` in the closest of these senses, ascending; empty for none.
  ///
  /// - Parameter withPunctuation: whether names differ that differ in more than letter case and accents.
  package func positions(of text: String, withPunctuation: Bool = false) -> [Int] {
    let letters = foldedForSearch(text)
    guard !letters.isEmpty else { return [] }
    if let found = byLetters[letters] {
      let exact = found.filter { names[$0] == text }
      return exact.isEmpty ? found : exact
    }
    if withPunctuation { return [] }
    return byWords[words(letters)] ?? bySqueezedWords[squeezedWords(letters)] ?? []
  }
}

/// The words of a folded name with single spaces between, "&" as "and", without a leading or trailing "the"; the name
/// itself where there are none.
private func words(_ name: String) -> String {
  var words = letterRuns(in: name)
  if words.first == "the" && words.count > 1 { words.removeFirst() }
  // As catalogues sort them: "Empire Strikes Back, The (1980)".
  if let the = words.lastIndex(of: "the"), the > 0, name.contains(", the") {
    if the == words.count - 1 || the == words.count - 2 && isYear(words[the + 1]) { words.remove(at: the) }
  }
  return words.isEmpty ? name : words.joined(separator: " ")
}

/// The same without spaces, and without a year in brackets at the end.
private func squeezedWords(_ name: String) -> String {
  let hasYear =
    name.hasSuffix(")") && name.count > 6 && isYear(name.dropLast().suffix(4)) && name.dropLast(5).last == "("
  return words(hasYear ? String(name.dropLast(6)) : name).replacing(" ", with: "")
}

private func isYear(_ text: some StringProtocol) -> Bool {
  text.utf8.count == 4 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
}

/// Runs of letters and digits; an apostrophe ends none, and "&" is the word "and".
private func letterRuns(in name: String) -> [String] {
  var runs: [String] = []
  var run = String.UnicodeScalarView()
  func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      let byte = UInt8(scalar.value)
      return byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
    }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
  func endRun() {
    if !run.isEmpty { runs.append(String(run)) }
    run = String.UnicodeScalarView()
  }
  for scalar in name.unicodeScalars {
    if isLetter(scalar) {
      run.append(scalar)
    } else if !["'", "’", "`", "´"].contains(scalar) {
      endRun()
      if scalar == "&" { runs.append("and") }
    }
  }
  endRun()
  return runs
}
