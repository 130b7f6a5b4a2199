import Testing

/// Expects the tool to refuse: this status, and one line of error with all of `words`; nothing on standard output.
func expectRefusal(
  _ outcome: Outcome, status: Int32, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(outcome.status == status, "\(outcome)", sourceLocation: sourceLocation)
  #expect(outcome.errorLines.count == 1, "\(outcome)", sourceLocation: sourceLocation)
  #expect(outcome.output.isEmpty, "\(outcome)", sourceLocation: sourceLocation)
  let line = outcome.errorLines.first ?? ""
  #expect(outcome.errors.hasSuffix(line + "\n"), "the error is the last line: \(outcome)", sourceLocation: sourceLocation)
  #expect(line.hasPrefix("twotower: error: "), "\(outcome)", sourceLocation: sourceLocation)
  for word in words { #expect(line.contains(word), "\(outcome)", sourceLocation: sourceLocation) }
}

/// Expects a usage error: status 64 and an explanation with `words` on standard error.
func expectUsageError(
  _ outcome: Outcome, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(outcome.status == 64, "\(outcome)", sourceLocation: sourceLocation)
  #expect(outcome.output.isEmpty, "\(outcome)", sourceLocation: sourceLocation)
  for word in words { #expect(outcome.errors.contains(word), "\(outcome)", sourceLocation: sourceLocation) }
}

func expectSuccess(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
  #expect(outcome.errorLines.isEmpty, "\(outcome)", sourceLocation: sourceLocation)
}
