import Testing
import TwoTowerServing
import TwoTowerTraining

struct GenreExpressionTests {
  private func holds(_ text: String, _ genres: String...) throws -> Bool {
    try GenreExpression(parsing: text).holds(for: Set(genres))
  }

  @Test func signsBindAsDocumented() throws {
    #expect(try holds("genre:rock & !genre:pop", "rock"))
    #expect(try !holds("genre:rock & !genre:pop", "rock", "pop"))
    #expect(try holds("genre:a | genre:b & genre:c", "a"), "& closer than |")
    #expect(try !holds("(genre:a | genre:b) & genre:c", "a"))
    #expect(try holds("!genre:a | genre:a", "a"), "! closer than |")
    #expect(try holds("!!genre:a", "a"))
  }

  @Test func namesMayHaveSpacesAccentsAndSigns() throws {
    #expect(try holds("genre:Female Vocalists & genre:rock", "female vocalists", "rock"))
    #expect(try holds("genre:\"R&B\"|genre:x", "r&b"))
    #expect(try holds("GENRE:Déjà vu", "deja vu"))
    #expect(try GenreExpression(parsing: "genre:b|!genre:a").genres == ["b", "a"])
  }

  @Test(arguments: [
    ("", "character 1"), ("rock", "found 'rock'"), ("genre:", "name of a genre"), ("genre:a &", "found the end"),
    ("(genre:a", "expected ')'"), ("genre:a)", "expected '&'"), ("genre:a genre:b !", "'&'"),
    ("genre:\"a", "closing quotation"), ("genre:a | | genre:b", "found '| genre:b'"),
  ])
  func whatIsWrongIsSaidWithItsPlace(text: String, words: String) {
    #expect {
      try GenreExpression(parsing: text)
    } throws: {
      "\($0)".contains(words) && !"\($0)".contains("\n")
    }
  }

  @Test func noDepthExhaustsTheStack() {
    #expect(throws: QuestionError.self) { try GenreExpression(parsing: String(repeating: "(", count: 200_000)) }
    #expect(throws: QuestionError.self) { try GenreExpression(parsing: String(repeating: "!", count: 200_000)) }
  }

  @Test func itemsAreThoseWithTheGenres() throws {
    let run = try AskedRun.sample.get().run
    let tags = try run.itemGenres()
    let isMeant = try run.items(where: GenreExpression(parsing: "genre:techno & !genre:folk"))
    for item in 0..<Int32(run.itemCount) {
      let names = tags.names(of: item)
      #expect(isMeant[Int(item)] == (names.contains("techno") && !names.contains("folk")))
    }
    #expect(isMeant.contains(true))
    #expect {
      try run.items(where: GenreExpression(parsing: "genre:tecno"))
    } throws: {
      "\($0)".contains("near: 'techno'")
    }
  }
}
