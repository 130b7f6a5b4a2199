import Foundation
import TwoTowerAutodiff
import TwoTowerFeatures

/// A catalogue whose vectors are the rows of one embedding table: the softmax over all of it needs no copy of them, and
/// their gradient none but the table's own.
///
/// Candidates that nobody has in the training rows share row 0, "unknown". It stands in the softmax once, with the log
/// of their number added to its logits: that is the same as once for each.
struct WholeCatalogue {
  let table: Parameter
  /// The table's row of each candidate.
  let rows: [Int32]
  /// Added to the logits of each row of the table; −infinity excludes a row without candidates.
  let corrections: [Float]
  /// The candidate of each row, for masks; −1, which matches none, for rows of none or several.
  let identifiers: [Int32]

  /// Nil where the vectors depend on more than one table, or where a training candidate has no row of its own.
  init?(_ tower: Tower, trainingCounts: [Int32]) {
    guard let (table, rows) = tower.onlyTable else { return nil }
    var candidateCounts = [Int](repeating: 0, count: table.value.shape[0])
    var identifiers = [Int32](repeating: -1, count: candidateCounts.count)
    for (candidate, row) in rows.enumerated() {
      guard row > 0 else {
        if trainingCounts[candidate] > 0 { return nil }
        candidateCounts[0] += 1
        continue
      }
      if candidateCounts[Int(row)] > 0 { return nil }
      candidateCounts[Int(row)] = 1
      identifiers[Int(row)] = Int32(candidate)
    }
    self.table = table
    self.rows = rows
    self.identifiers = identifiers
    corrections = candidateCounts.map { $0 == 1 ? 0 : Float(log(Double($0))) }
  }

  /// The corrections of the table's rows, with more for candidates that have a row of their own.
  ///
  /// - Parameter additions: by candidate; empty for none.
  func corrections(adding additions: [Float]) -> [Float] {
    additions.isEmpty ? corrections : zip(corrections, identifiers).map { $1 < 0 ? $0 : $0 + additions[Int($1)] }
  }
}
