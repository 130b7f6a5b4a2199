import TwoTowerFeatures

/// The genres of a run's items as text: a line per item, its tags with tabs between, the one given most first.
enum StoredItemGenres {
  static func text(_ genres: ItemGenres) -> String {
    (0..<Int32(genres.itemCount)).map { item in
      genres.names(of: item).map { EscapedText.encode($0) }.joined(separator: "\t") + "\n"
    }.joined()
  }
}

extension RunFolder {
  /// Whether each item has a genre, which takes much less time than to read them all.
  ///
  /// - Throws: `CheckpointError` when there is not a line for every item.
  package func itemsWithGenres(itemCount: Int) throws(CheckpointError) -> [Bool] {
    guard files.contains(RunFile.itemGenres) else { return [Bool](repeating: false, count: itemCount) }
    let bytes = try bytes(RunFile.itemGenres)
    let span = bytes.span
    var hasGenres: [Bool] = []
    var isEmpty = true
    for place in 0..<span.count {
      switch span[place] {
      case UInt8(ascii: "\n"):
        hasGenres.append(!isEmpty)
        isEmpty = true
      case UInt8(ascii: "\t"): break
      default: isEmpty = false
      }
    }
    guard hasGenres.count == itemCount, isEmpty else {
      throw .unexpectedContent(
        path: "\(path)/\(RunFile.itemGenres)", place: "text", found: "\(hasGenres.count) lines",
        expected: "a line for each of \(itemCount) items")
    }
    return hasGenres
  }

  /// Each item's genres; none where the run was written without them.
  ///
  /// - Throws: `CheckpointError` when there is not a line for every item.
  package func itemGenres(itemCount: Int) throws(CheckpointError) -> ItemGenres {
    guard files.contains(RunFile.itemGenres) else { return ItemGenres(itemCount: itemCount) }
    let bytes = try bytes(RunFile.itemGenres)
    let span = bytes.span
    var lists: [[String]] = []
    var (list, start): ([String], Int) = ([], 0)
    func unexpected(_ place: String, _ found: String, _ expected: String) -> CheckpointError {
      .unexpectedContent(path: "\(path)/\(RunFile.itemGenres)", place: place, found: found, expected: expected)
    }
    for end in 0..<span.count where span[end] == UInt8(ascii: "\t") || span[end] == UInt8(ascii: "\n") {
      guard let genre = EscapedText.decode(span.extracting(start..<end)) else {
        throw unexpected("line \(lists.count + 1)", "bytes that are not UTF-8", "UTF-8")
      }
      if !genre.isEmpty { list.append(genre) }
      start = end + 1
      guard span[end] == UInt8(ascii: "\n") else { continue }
      lists.append(list)
      list = []
    }
    guard lists.count == itemCount, start == span.count else {
      throw unexpected("text", "\(lists.count) lines", "a line for each of \(itemCount) items")
    }
    return ItemGenres(lists)
  }
}
