import Foundation
import TwoTowerFiles

/// Someone who is not in a run's data, kept with the run by name: the items and how much they like each.
package struct SavedPerson: Sendable, Equatable {
  package var name: String
  package var likes: [Like]

  package struct Like: Sendable, Equatable {
    /// As in the data.
    package var itemIdentifier: String
    package var itemName: String
    package var weight: Float

    package init(itemIdentifier: String, itemName: String, weight: Float) {
      self.itemIdentifier = itemIdentifier
      self.itemName = itemName
      self.weight = weight
    }
  }

  package init(name: String, likes: [Like]) {
    self.name = name
    self.likes = likes
  }
}

extension RunFolder {
  /// The people kept with the run, in the order in which they were saved.
  ///
  /// A line per liked item: the person's name, the item's identifier, the weight and, for readers, the item's name.
  package func people() throws(CheckpointError) -> [SavedPerson] {
    guard files.contains(RunFile.people) else { return [] }
    var people: [SavedPerson] = []
    let columns = try columns(RunFile.people, count: 4)
    for (number, (name, weightText)) in zip(columns[0], columns[2]).enumerated() {
      guard let weight = Float(weightText), weight.isFinite, weight > 0 else {
        throw .unexpectedContent(
          path: "\(path)/\(RunFile.people)", place: "line \(number + 1)", found: "weight '\(weightText)'",
          expected: "a number above 0")
      }
      let like = SavedPerson.Like(itemIdentifier: columns[1][number], itemName: columns[3][number], weight: weight)
      if let place = people.firstIndex(where: { $0.name == name }) {
        people[place].likes.append(like)
      } else {
        people.append(SavedPerson(name: name, likes: [like]))
      }
    }
    return people
  }

  /// Opens the run while no other process changes runs in the same folder, so that two who save keep both.
  ///
  /// - Throws: `CheckpointError` of the run or of `body`. A folder that cannot be locked is not waited for.
  package static func withExclusiveAccess(to path: String, _ body: (RunFolder) throws -> Void) throws {
    let parent = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
    defer { if parent >= 0 { close(parent) } }
    if parent >= 0 { while flock(parent, LOCK_EX) != 0 && errno == EINTR {} }
    try body(RunFolder(opening: path))
  }

  /// Writes the run again with these people, all its other files as they are: the whole folder changes at once.
  ///
  /// - Throws: `FileError`, or `CheckpointError` for a run that was altered; it is then as it was.
  package func write(people: [SavedPerson]) throws {
    // The checksums are written anew: nothing but what was saved may get one.
    try verify()
    try AtomicFiles.writeFolder(at: path, mayReplace: Manifest.exists) { folder in
      for name in files.names where name != RunFile.people {
        try AtomicFiles.share("\(path)/\(name)", as: "\(folder)/\(name)")
      }
      if !people.isEmpty {
        let rows = people.flatMap { person in
          person.likes.map { [person.name, $0.itemIdentifier, "\($0.weight)", $0.itemName] }
        }
        try AtomicFiles.write(
          rows.map { $0.map(EscapedText.encode).joined(separator: "\t") + "\n" }.joined(),
          to: "\(folder)/\(RunFile.people)")
      }
      try Manifest.write(in: folder)
    }
  }
}
