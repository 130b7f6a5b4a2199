import Foundation
import TwoTowerKernels

/// What a list is reordered by: the retrieval score, the ranking model's prediction, how many users have the item, and
/// the features of the pair that tell nothing of what the user did with the item itself.
package struct RerankingInputs {
  /// The numbers of a list's candidates.
  package struct Rows {
    /// Each number brought to mean 0 and deviation 1 within the list, `[candidates, width]`, row-major.
    package let values: [Float]
    /// The predicted label of each candidate.
    package let predictions: [Float]
  }

  /// Pairs whose features are computed together.
  private static let pairsAtOnce = 1 << 16

  /// The names of the numbers, in their order.
  package let names: [String]
  private let model: RankingModel
  private let data: TowerData
  /// ln(1 + how many users have the item), by item.
  private let popularity: [Float]

  package init(_ model: RankingModel, data: TowerData) {
    self.model = model
    self.data = data
    popularity = data.knownCounts.map { Float(log(1 + Double($0))) }
    names =
      ["retrieval-score", "prediction", "popularity"]
      + (data.pairFeatures.map { features in model.pairColumns.map { features.names[$0] } } ?? [])
  }

  package var width: Int { names.count }

  /// The numbers of each list.
  package func rows(of lists: [RetrievedList]) -> [Rows] {
    var rows: [Rows] = []
    rows.reserveCapacity(lists.count)
    var start = 0
    while start < lists.count {
      var (end, count) = (start, 0)
      while end < lists.count && (end == start || count + lists[end].candidates.count <= Self.pairsAtOnce) {
        count += lists[end].candidates.count
        end += 1
      }
      rows += self.rows(ofBlock: lists[start..<end])
      start = end
    }
    return rows
  }

  private func rows(ofBlock lists: ArraySlice<RetrievedList>) -> [Rows] {
    let users = lists.flatMap { list in list.candidates.map { _ in list.user } }
    let items = lists.flatMap(\.items)
    let pairWidth = data.pairFeatures?.width ?? 0
    let pairs = model.pairWidth > 0 ? data.pairFeatures!.values(users: users, items: items) : []
    let predictions = model.predictions(
      queries: BatchRows(entities: users), candidates: BatchRows(entities: items),
      pairs: { model.pairNumbers(rows: $0, of: pairs, width: pairWidth) })
    var row = 0
    return lists.map { list in
      var values: [Float] = []
      values.reserveCapacity(list.candidates.count * width)
      let first = row
      for candidate in list.candidates {
        values += [candidate.score, predictions[row], popularity[Int(candidate.index)]]
        for column in model.pairColumns { values.append(pairs[row * pairWidth + column]) }
        row += 1
      }
      standardise(&values)
      return Rows(values: values, predictions: Array(predictions[first..<row]))
    }
  }

  /// Brings each column to mean 0 and deviation 1; a column that is the same everywhere to 0.
  private func standardise(_ values: inout [Float]) {
    let count = values.count / width
    for column in 0..<width {
      let places = stride(from: column, to: values.count, by: width)
      let mean = places.reduce(0.0) { $0 + Double(values[$1]) } / Double(max(1, count))
      let variance = places.reduce(0.0) { $0 + (Double(values[$1]) - mean) * (Double(values[$1]) - mean) }
      let deviation = (variance / Double(max(1, count))).squareRoot()
      // Rounding alone makes a spread of equal numbers.
      let scale = deviation > 1e-6 * abs(mean) ? 1 / deviation : 0
      for place in places { values[place] = Float((Double(values[place]) - mean) * scale) }
    }
  }
}
