import Foundation

/// The positions of the names that contain `text`, regardless of letter case and accents, best first: the name itself,
/// then names that have it as whole words, then names that begin with it, then the others; among these the more
/// important first, then in the order of `names`.
///
/// - Parameter importance: a number per name, such as how often it is played.
/// - Complexity: O(bytes of all names).
package func matchingNames(_ text: String, in names: [String], importance: [Int]) -> [Int] {
  precondition(
    names.count == importance.count, "matchingNames: \(names.count) names, \(importance.count) importances")
  let folded = Array(foldedForSearch(text).utf8)
  guard !folded.isEmpty else { return [] }
  var matches: [(kind: Int, position: Int)] = []
  for (position, name) in names.enumerated() {
    let candidate = Array(foldedForSearch(name).utf8)
    guard candidate.count >= folded.count, contains(candidate, folded) else { continue }
    let kind =
      candidate == folded ? 0 : containsWords(candidate, folded) ? 1 : candidate.starts(with: folded) ? 2 : 3
    matches.append((kind, position))
  }
  return matches.sorted {
    ($0.kind, -importance[$0.position], $0.position) < ($1.kind, -importance[$1.position], $1.position)
  }.map(\.position)
}

/// Whether `part` stands in `text` with no letter or digit right before or after it.
private func containsWords(_ text: [UInt8], _ part: [UInt8]) -> Bool {
  func isWord(_ position: Int) -> Bool {
    guard text.indices.contains(position) else { return false }
    let byte = text[position]
    return byte >= 0x80 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
  }
  return (0...(text.count - part.count)).contains { start in
    text[start] == part[0] && text[start..<(start + part.count)].elementsEqual(part) && !isWord(start - 1)
      && !isWord(start + part.count)
  }
}

/// What two names are compared by: without spaces at the ends, in lower case, without accents.
package func foldedForSearch(_ text: String) -> String {
  guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
    return text.trimmingCharacters(in: .whitespaces)
      .folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
  }
  func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
  var bytes = text.utf8.drop(while: isSpace)
  while let last = bytes.last, isSpace(last) { bytes.removeLast() }
  return String(decoding: bytes.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
}
