import TwoTowerRuns

extension Answerer {
  /// Whoever goes by `name`: a user of the data, else someone saved with the run; nil for nobody.
  package func query(named name: String) throws -> Query? {
    if let user = userIdentifiers.firstIndex(of: name) { return .user(Int32(user)) }
    guard let person = try folder?.people().first(where: { $0.name == name }) else { return nil }
    let numbers = Dictionary(zip(itemIdentifiers, itemIdentifiers.indices)) { first, _ in first }
    let likes = try person.likes.map { like in
      guard let item = numbers[like.itemIdentifier] else {
        throw QuestionError.question(
          "\(runName)/people.tsv: '\(name)' likes item '\(like.itemIdentifier)', not in the run")
      }
      return Like(item: Int32(item), weight: like.weight)
    }
    return .likes(likes)
  }

  /// The names of the people saved with the run.
  package func savedNames() throws -> [String] { try folder?.people().map(\.name) ?? [] }

  /// Keeps someone with the run, in place of an older person of that name.
  ///
  /// - Throws: `QuestionError.question` where a user of the data is called so, `CheckpointError` where the run cannot be
  ///   written.
  package func save(_ likes: [Like], as name: String) throws {
    let isPlain = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    guard (1...100).contains(name.count), isPlain, !name.allSatisfy(\.isWhitespace) else {
      throw QuestionError.question(
        "--save-as: found no name, expected 1 to 100 characters in one line, not all of them spaces")
    }
    guard !userIdentifiers.contains(name) else {
      throw QuestionError.question("--save-as '\(name)': a user of the data is called so: choose another name")
    }
    let person = SavedPerson(
      name: name,
      likes: likes.map {
        SavedPerson.Like(
          itemIdentifier: itemIdentifiers[Int($0.item)], itemName: itemNames[Int($0.item)], weight: $0.weight)
      })
    try withFolder { folder in
      let people = try folder.people()
      let others = people.filter { other in other.name != name }
      try folder.write(people: others + [person])
    }
  }

  /// Removes someone who was saved.
  ///
  /// - Throws: `QuestionError.question` where nobody is saved by that name.
  package func forget(_ name: String) throws {
    var known: [String] = []
    try withFolder { folder in
      let people = try folder.people()
      known = people.map(\.name)
      let others = people.filter { other in other.name != name }
      if others.count < people.count { try folder.write(people: others) }
    }
    guard known.contains(name) else {
      let names = known.map { "'\($0)'" }.joined(separator: ", ")
      throw QuestionError.question(
        "nobody is saved as '\(name)'; " + (known.isEmpty ? "the run has no saved people" : "saved are \(names)"))
    }
  }

  /// - Throws: `QuestionError.question` for a run in memory, which keeps nobody.
  private func withFolder(_ body: (RunFolder) throws -> Void) throws {
    guard let folder else { throw QuestionError.question("\(runName): people are saved with runs in folders only") }
    try RunFolder.withExclusiveAccess(to: folder.path, body)
  }
}
