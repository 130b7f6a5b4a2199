import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerRecommenders

/// Whether items that a model holds for alike share genres.
package struct GenrePrecision: Sendable, Equatable {
  /// How many neighbours of each item were looked at.
  package let neighborCount: Int
  /// How many items were asked for their neighbours.
  package let queryCount: Int
  /// The mean share of neighbours that have the item's leading genre among their own.
  package let neighbors: Double
  /// The same of random items of like popularity, in place of each neighbour.
  package let random: Double
}

/// Measures the neighbours (by cosine) of the most popular items that have a genre.
///
/// What random items would reach is computed and not drawn: each neighbour stands for the hundred items nearest to it
/// by popularity, the asked item and the neighbour itself left out.
///
/// - Parameters:
///   - candidates: `[itemCount, dimension]`.
///   - counts: how many users have each item.
/// - Returns: nil where no item has a genre or there are no neighbours.
/// - Throws: `ScoringError.nonFinite`.
package func genrePrecision(
  candidates: Tensor, genres: ItemGenres, counts: [Int], neighborCount: Int = 10, queryCount: Int = 200
) throws(ScoringError) -> GenrePrecision? {
  precondition(
    candidates.shape[0] == genres.itemCount && counts.count == genres.itemCount,
    "genrePrecision: \(candidates.shape) candidates, \(genres.itemCount) items with genres, \(counts.count) counts")
  let byPopularity = counts.indices.sorted { (-counts[$0], $0) < (-counts[$1], $1) }.map(Int32.init)
  let queries = Array(byPopularity.prefix(queryCount).filter { !genres[$0].isEmpty && counts[Int($0)] > 0 })
  guard !queries.isEmpty, genres.itemCount > 2 else { return nil }
  var places = [Int](repeating: 0, count: counts.count)
  for (place, item) in byPopularity.enumerated() { places[Int(item)] = place }

  let lists = try Neighbors(of: candidates, named: "candidate_embeddings", measure: .cosine)
    .nearest(neighborCount, toEach: queries)
  var (found, expected) = (0.0, 0.0)
  for (query, list) in zip(queries, lists) {
    let leading = genres[query].first!
    func share(of items: some Collection<Int32>) -> Double {
      Double(items.count { genres[$0].contains(leading) }) / Double(max(1, items.count))
    }
    found += share(of: list.map(\.index))
    expected +=
      list.reduce(0.0) { sum, neighbor in
        let place = places[Int(neighbor.index)]
        let low = max(0, min(place - 50, byPopularity.count - 101))
        let alike = byPopularity[low..<min(low + 101, byPopularity.count)]
          .filter { $0 != query && $0 != neighbor.index }
        return sum + share(of: alike)
      } / Double(list.count)
  }
  let count = Double(queries.count)
  return GenrePrecision(
    neighborCount: lists[0].count, queryCount: queries.count, neighbors: found / count, random: expected / count)
}
