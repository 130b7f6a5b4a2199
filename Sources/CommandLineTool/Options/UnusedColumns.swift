import Foundation
import TwoTowerDatasets
import TwoTowerTraining

/// What columns that nothing was read from may be, by their names.
enum UnusedColumns {
  private static let weights: Set = [
    "rating", "ratings", "score", "scores", "stars", "weight", "weights", "count", "counts", "plays", "playcount",
    "listens", "quantity", "value",
  ]
  private static let times: Set = ["timestamp", "time", "date", "datetime", "when", "unixtime"]
  private static let names: Set = ["title", "name", "itemname", "itemtitle", "artistname", "trackname", "movietitle"]

  /// The options that would read them, for what the data lacks.
  static func options(for dataset: Dataset, _ settings: DataSettings) -> [String] {
    func option(_ name: String, _ known: Set<String>, isLacking: Bool) -> String? {
      guard isLacking, let column = dataset.unusedColumns.first(where: { known.contains(plain($0)) }) else {
        return nil
      }
      let isWord = column.allSatisfy { $0.isLetter || $0.isNumber || "_-.:".contains($0) }
      return "\(name) " + (isWord ? column : "'\(column.replacing("'", with: "'\\''"))'")
    }
    let interactions = dataset.interactions
    return [
      option("--weight-column", weights, isLacking: interactions.weights.allSatisfy { $0 == 1 }),
      option("--timestamp-column", times, isLacking: interactions.timestamps.isEmpty),
      option("--item-name-column", names, isLacking: settings.itemNameColumn.isEmpty),
    ].compactMap { $0 }
  }

  /// The letters of a name, small.
  private static func plain(_ name: String) -> String { name.lowercased().filter(\.isLetter) }
}
