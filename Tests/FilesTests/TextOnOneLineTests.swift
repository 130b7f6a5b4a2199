import Testing
import TwoTowerFiles

@Suite struct TextOnOneLineTests {
  @Test func controlCharactersBecomeEscapes() {
    #expect("a\nb\r\nc\u{1B}[31m\u{85}é".onOneLine() == "a\\nb\\r\\nc\\u{1B}[31m\\u{0085}é")
    #expect("plain \\ text".onOneLine() == "plain \\ text")
  }

  @Test func longTextIsCut() {
    #expect("abcdef".onOneLine(limit: 6) == "abcdef")
    #expect("abcdefg".onOneLine(limit: 6) == "abcdef…")
    #expect("abc".quoted(limit: 2) == "\"ab…\"")
    #expect("a\tb".quoted() == #""a\tb""#)
  }

  @Test func linesAreJoinedBySpaces() {
    #expect("  one\n\n two \r\nthree".linesJoined == "one two three")
  }

  @Test func messagesAboutFilesAreOneLine() {
    let nasty = "a\nb" + String(repeating: "x", count: 10_000)
    let errors: [FileError] = [
      .notFound(path: nasty), .cannotRead(path: nasty, reason: "x\ny"), .cannotWrite(path: nasty, reason: "x\ny"),
      .alreadyExists(path: nasty), .unexpectedContent(path: nasty, found: "x\ny", expected: "z"),
    ]
    for error in errors {
      #expect(!error.description.contains("\n"))
      #expect(error.description.count < 600)
    }
  }
}
