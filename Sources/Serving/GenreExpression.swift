import TwoTowerFiles

/// Which items are meant, by their genres: `genre:rock & !(genre:pop | genre:"r&b")`.
///
/// `!` binds closer than `&`, and `&` closer than `|`. A genre goes up to the next of these signs, a bracket or the
/// end; one with such a sign in it stands in quotation marks. Letter case and accents do not count.
package indirect enum GenreExpression: Sendable, Equatable {
  case genre(String)
  case not(GenreExpression)
  case both(GenreExpression, GenreExpression)
  case either(GenreExpression, GenreExpression)

  /// - Throws: `QuestionError.question` with the place of what is wrong.
  package init(parsing text: String) throws {
    var parser = Parser(text)
    self = try parser.alternatives()
    try parser.expectEnd()
  }

  /// Whether an item with these genres is meant; they are folded as by `foldedForSearch`.
  package func holds(for genres: Set<String>) -> Bool {
    switch self {
    case .genre(let name): genres.contains(name)
    case .not(let expression): !expression.holds(for: genres)
    case .both(let left, let right): left.holds(for: genres) && right.holds(for: genres)
    case .either(let left, let right): left.holds(for: genres) || right.holds(for: genres)
    }
  }

  /// The genres that it names, folded.
  package var genres: [String] {
    switch self {
    case .genre(let name): [name]
    case .not(let expression): expression.genres
    case .both(let left, let right), .either(let left, let right): left.genres + right.genres
    }
  }

  private struct Parser {
    private let text: String
    private var rest: Substring
    /// Brackets and negations that are open, so that no input can exhaust the stack.
    private var depth = 0

    init(_ text: String) {
      self.text = text
      rest = text[...]
    }

    mutating func alternatives() throws -> GenreExpression {
      var result = try conjunction()
      while take("|") { result = .either(result, try conjunction()) }
      return result
    }

    private mutating func conjunction() throws -> GenreExpression {
      var result = try negation()
      while take("&") { result = .both(result, try negation()) }
      return result
    }

    private mutating func negation() throws -> GenreExpression {
      depth += 1
      defer { depth -= 1 }
      guard depth <= 100 else { throw error("more than 100 open brackets and negations", "fewer") }
      if take("!") { return .not(try negation()) }
      if take("(") {
        let inner = try alternatives()
        guard take(")") else { throw error(found, "')'") }
        return inner
      }
      return .genre(try genre())
    }

    private mutating func genre() throws -> String {
      guard rest.lowercased().hasPrefix("genre:") else { throw error(found, "genre:NAME, '!' or '('") }
      rest = rest.dropFirst("genre:".count)
      skipSpaces()
      let name: Substring
      if rest.first == "\"" {
        rest.removeFirst()
        guard let end = rest.firstIndex(of: "\"") else { throw error(found, "a closing quotation mark") }
        name = rest[..<end]
        rest = rest[rest.index(after: end)...]
      } else {
        name = rest.prefix { !"&|!()".contains($0) }
        rest = rest[name.endIndex...]
      }
      let folded = foldedForSearch(String(name))
      guard !folded.isEmpty else { throw error(found, "the name of a genre") }
      return folded
    }

    mutating func expectEnd() throws {
      skipSpaces()
      guard rest.isEmpty else { throw error(found, "'&', '|' or the end") }
    }

    private mutating func take(_ sign: Character) -> Bool {
      skipSpaces()
      guard rest.first == sign else { return false }
      rest.removeFirst()
      skipSpaces()
      return true
    }

    private mutating func skipSpaces() { rest = rest.drop { $0.isWhitespace } }

    private var found: String { rest.isEmpty ? "the end" : "'\(rest.prefix(30))'" }

    private func error(_ found: String, _ expected: String) -> QuestionError {
      .question(
        "genre expression '\(text)', character \(text.count - rest.count + 1): found \(found), expected \(expected)")
    }
  }
}

extension Answerer {
  /// Whether each item is meant by an expression.
  ///
  /// - Throws: `QuestionError.question` for a genre that no item has, with those that are called alike.
  package func items(where expression: GenreExpression) throws -> [Bool] {
    let tags = try itemGenres()
    let folded = tags.names.map(foldedForSearch)
    let known = Set(folded)
    if let unknown = expression.genres.first(where: { !known.contains($0) }) {
      let near = nearestNames(to: unknown, in: tags.names, limit: 3).map { "'\($0)'" }.joined(separator: ", ")
      throw QuestionError.question(
        tags.isEmpty
          ? "\(runName): the run knows no genres: its data had no tags"
          : "genre '\(unknown)': no item has it" + (near.isEmpty ? "" : "; near: \(near)"))
    }
    return (0..<Int32(itemCount)).map { item in
      expression.holds(for: Set(tags[item].map { folded[Int($0)] }))
    }
  }
}
