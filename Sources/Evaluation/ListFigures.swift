import Foundation

/// The discounts and ideal gains of a list of k recommendations: NDCG with gain 1 for a relevant item
/// (Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002).
struct ListFigures: Sendable {
  let length: Int
  /// 1 / log2(position + 2) by position from 0.
  let discounts: [Double]
  /// The sum of the first n discounts, by n.
  let idealGains: [Double]

  init(length: Int) {
    self.length = length
    discounts = (0..<length).map { 1 / log2(Double($0 + 2)) }
    var sums = [0.0]
    for discount in discounts { sums.append(sums[sums.count - 1] + discount) }
    idealGains = sums
  }

  /// Counts one user's list: `gain` is the sum of the discounts where a relevant item stands.
  func add(to sums: inout FigureSums, _ group: FigureSums.Group, hits: Double, gain: Double, relevant: Int) {
    guard relevant > 0 else { return }
    sums.addList(
      group, recall: hits / Double(relevant), ndcg: gain / idealGains[min(length, relevant)],
      precision: hits / Double(length))
  }
}
