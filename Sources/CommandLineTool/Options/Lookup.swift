import Datasets
import Files
import Training

/// Finds users and items by what people type, and says what is near when there is none.
struct Lookup {
  private let run: FinishedRun

  init(_ run: FinishedRun) { self.run = run }

  /// The number of the user with this identifier.
  func user(_ identifier: String) throws -> Int32 {
    if let index = run.userIdentifiers.firstIndex(of: identifier) { return Int32(index) }
    throw Failure(.badData, "user '\(identifier)' is not in the run\(Self.suggestion(identifier, run.userIdentifiers))")
  }

  /// The number of the item with this identifier, or this name; letter case counts only between two such names.
  func item(_ text: String) throws -> Int32 {
    if let index = run.itemIdentifiers.firstIndex(of: text) { return Int32(index) }
    if let index = run.itemNames.firstIndex(of: text) { return Int32(index) }
    let folded = text.lowercased()
    let alike = run.itemNames.indices.filter { run.itemNames[$0].lowercased() == folded }
    if alike.count == 1 { return Int32(alike[0]) }
    throw Failure(.badData, "item '\(text)' is not in the run\(Self.suggestion(text, run.itemNames))")
  }

  private static func suggestion(_ text: String, _ names: [String]) -> String {
    let near = nearestNames(to: text, in: names, limit: 3)
    return near.isEmpty ? ": nothing there is called alike"
      : "; near: \(near.map { "'\($0)'" }.joined(separator: ", "))"
  }
}
