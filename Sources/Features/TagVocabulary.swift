import TwoTowerKernels

/// The terms (whole tags or their words) that get a row of the tag table, and which of them each tag stands for.
package struct TagVocabulary: Sendable, Equatable {
  /// The term of row `r` is `terms[r - 1]`: the most frequent first, equals in the order of their text.
  package let terms: [String]
  /// Assignments per term.
  package let counts: [Int32]
  /// The rows of each tag of the data set.
  let rowsOfTags: IndexLists

  /// Rows of the table, the unknown row included.
  package var size: Int { terms.count + 1 }

  /// - Parameters:
  ///   - assignmentCounts: how often each tag is assigned, held-out pairs left out.
  ///   - minimumCount: rarer terms get no row.
  ///   - maximumTerms: only so many of the most frequent terms get a row.
  package init(
    tagNames: [String], assignmentCounts: [Int32], text: FeatureSettings.TagText, minimumCount: Int,
    maximumTerms: Int? = nil
  ) {
    precondition(
      tagNames.count == assignmentCounts.count,
      "TagVocabulary: \(tagNames.count) tags, \(assignmentCounts.count) counts")
    var numbers: [String: Int] = [:]
    var candidates: [(term: String, count: Int32)] = []
    let termsOfTags = tagNames.indices.map { tag -> [Int] in
      guard assignmentCounts[tag] > 0 else { return [] }
      return Self.terms(of: tagNames[tag], text: text).map { term in
        let number = numbers[term, default: candidates.count]
        if number == candidates.count {
          numbers[term] = number
          candidates.append((term, 0))
        }
        candidates[number].count += assignmentCounts[tag]
        return number
      }
    }
    let minimum = Int32(clamping: max(1, minimumCount))
    let kept = candidates.indices.filter { candidates[$0].count >= minimum }
      .sorted { (-candidates[$0].count, candidates[$0].term) < (-candidates[$1].count, candidates[$1].term) }
      .prefix(maximumTerms ?? candidates.count)
    var rowOfCandidate = [Int32](repeating: 0, count: candidates.count)
    for (row, candidate) in kept.enumerated() { rowOfCandidate[candidate] = Int32(row + 1) }

    var rowsOfTags = IndexLists()
    for terms in termsOfTags {
      for term in terms where rowOfCandidate[term] > 0 { rowsOfTags.append(rowOfCandidate[term]) }
      rowsOfTags.endList()
    }
    self.terms = kept.map { candidates[$0].term }
    self.counts = kept.map { candidates[$0].count }
    self.rowsOfTags = rowsOfTags
  }

  /// The rows of the table that `tag` stands for; none when all its terms are rare.
  package func rows(of tag: Int32) -> ArraySlice<Int32> { rowsOfTags[Int(tag)] }

  /// What a tag is compared by: the whole of it, trimmed and in lower case, or its distinct words.
  static func terms(of tag: String, text: FeatureSettings.TagText) -> [String] {
    let lowered = tag.lowercased()
    switch text {
    case .whole:
      let start = lowered.drop { $0.isWhitespace }
      guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return [] }
      return [String(start[...last])]
    case .words:
      var words: [String] = []
      for word in lowered.split(whereSeparator: { !($0.isLetter || $0.isNumber) }) {
        if !words.contains(where: { $0 == word }) { words.append(String(word)) }
      }
      return words
    }
  }
}
