import Foundation

/// The names most like `query`, best first: the same but for case and accents, then those one edit (Levenshtein) away,
/// then names that begin with it, then names that contain it, then those a few edits away.
///
/// A name with more edits than a third of the query's length (two at least) is not offered, so the answer may be empty.
/// Only the first 64 bytes of the query and 256 of a name count.
///
/// - Complexity: O(bytes of all names), by bit-parallel edit distance (Myers, "A fast bit-vector algorithm for
///   approximate string matching based on dynamic programming", J. ACM 46, 1999; Hyyrö's form for whole strings).
package func nearestNames(to query: String, in names: [String], limit: Int = 3) -> [String] {
  let folded = foldedBytes(query, limit: 64)
  guard limit > 0, !folded.isEmpty else { return [] }
  let matcher = EditDistance(folded)
  // As many edits as there are characters would make anything of them.
  let mostEdits = min(max(2, folded.count / 3), folded.count - 1)
  // The best so far, in order; ties keep the order of `names`.
  var best: [(score: Int, position: Int)] = []
  for (position, name) in names.enumerated() {
    let candidate = foldedBytes(name, limit: 256)
    let score: Int
    if candidate == folded {
      score = 0
    } else if candidate.starts(with: folded) {
      score = 1_000 + candidate.count
    } else if candidate.count > folded.count && folded.count > 1 && contains(candidate, folded) {
      score = 2_000 + candidate.count
    } else if abs(candidate.count - folded.count) <= mostEdits {
      let edits = matcher.distance(to: candidate)
      if edits > mostEdits { continue }
      // A single slip is likelier than a longer name that begins with the query.
      score = (edits <= 1 ? 500 : 3_000) + edits
    } else {
      continue
    }
    if best.count == limit && best[limit - 1].score <= score { continue }
    let place = best.firstIndex { $0.score > score } ?? best.count
    best.insert((score, position), at: place)
    if best.count > limit { best.removeLast() }
  }
  return best.map { names[$0.position] }
}

/// Lower case, without accents, as UTF-8, cut after `limit` bytes.
private func foldedBytes(_ text: String, limit: Int) -> [UInt8] {
  var text = text
  let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
  if !isASCII {
    text = String(text.prefix(limit)).folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
  }
  return text.utf8.prefix(limit).map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
}

func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
  for start in 0...(text.count - part.count) where text[start] == part[0] {
    if text[start..<(start + part.count)].elementsEqual(part) { return true }
  }
  return false
}

/// Levenshtein distance from one pattern of at most 64 bytes to many texts.
private struct EditDistance {
  private var occurrences = [UInt64](repeating: 0, count: 256)
  private let length: Int

  init(_ pattern: [UInt8]) {
    length = pattern.count
    for (position, byte) in pattern.enumerated() { occurrences[Int(byte)] |= 1 << UInt64(position) }
  }

  func distance(to text: [UInt8]) -> Int {
    var positive: UInt64 = .max
    var negative: UInt64 = 0
    var distance = length
    let last: UInt64 = 1 << UInt64(length - 1)
    for byte in text {
      let equal = occurrences[Int(byte)]
      let vertical = equal | negative
      let diagonal = (((equal & positive) &+ positive) ^ positive) | equal
      var plus = negative | ~(diagonal | positive)
      var minus = positive & diagonal
      if plus & last != 0 { distance += 1 }
      if minus & last != 0 { distance -= 1 }
      plus = plus << 1 | 1
      minus <<= 1
      positive = minus | ~(vertical | plus)
      negative = plus & vertical
    }
    return distance
  }
}
