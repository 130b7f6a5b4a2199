import Foundation

/// What someone says they like: items by identifier or name, each with how much.
package struct LikesText {
  /// What was found, each item once: the weights of items that are named more than once are added.
  package private(set) var likes: [Like] = []
  /// What no item is called.
  package private(set) var unknown: [String] = []
  /// What to say of names that mean several items.
  package private(set) var notes: [String] = []
  /// The greatest weight that counts: more would leave no digits for the others.
  package static let greatestWeight: Float = 1e12

  /// Reads `name=weight` or `name` with commas between: a name with a comma in it is found when there is an item of that
  /// name.
  ///
  /// - Throws: `QuestionError.question` for a weight that is no number above 0.
  package init(list: String, directory: ItemDirectory) throws {
    let parts = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    var start = 0
    while start < parts.count {
      // The longest run of parts that is a name, or else this part alone.
      let end =
        ((start + 1)...min(parts.count, start + 8)).reversed().first { end in
          let entry = Self.entry(parts[start..<end].joined(separator: ","))
          return entry.weight?.contains(",") != true && directory.item(entry.name) != nil
        } ?? start + 1
      try add(parts[start..<end].joined(separator: ","), directory)
      start = end
    }
  }

  /// Reads an item a line: `name`, `name=weight`, or name and weight with a tab between; empty lines are passed over.
  package init(lines: String, directory: ItemDirectory) throws {
    for line in lines.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: "\t", maxSplits: 1)
      try add(fields.count == 2 ? "\(fields[0])=\(fields[1])" : String(line), directory)
    }
  }

  private mutating func add(_ text: String, _ directory: ItemDirectory) throws {
    let whole = text.trimmingCharacters(in: .whitespaces)
    guard !whole.isEmpty else { return }
    // A name may itself have a sign of equality.
    let (name, weightText) = directory.hasItem(exactly: whole) ? (whole, nil) : Self.entry(whole)
    var weight: Float = 1
    if let weightText {
      guard weightText.allSatisfy({ "0123456789.+-eE".contains($0) }), let number = Float(weightText), number > 0,
        number <= Self.greatestWeight
      else {
        throw QuestionError.question(
          "--likes: '\(whole)': found weight '\(weightText)', expected a number above 0 and at most 1e12")
      }
      weight = number
    }
    guard let item = directory.item(name) else {
      unknown.append(name)
      return
    }
    if let note = directory.note(onNamesakesOf: name), !notes.contains(note) { notes.append(note) }
    if let place = likes.firstIndex(where: { $0.item == item }) {
      likes[place].weight = min(likes[place].weight + weight, Self.greatestWeight)
    } else {
      likes.append(Like(item: item, weight: weight))
    }
  }

  /// What stands before and after the last sign of equality.
  private static func entry(_ text: String) -> (name: String, weight: String?) {
    guard let equals = text.lastIndex(of: "=") else { return (text.trimmingCharacters(in: .whitespaces), nil) }
    return (
      text[..<equals].trimmingCharacters(in: .whitespaces),
      text[text.index(after: equals)...].trimmingCharacters(in: .whitespaces)
    )
  }
}
