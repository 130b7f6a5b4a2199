/// Looks for the best point of a grid by steps to neighbours (Hooke and Jeeves, "Direct search solution of numerical and
/// statistical problems", JACM 1961, without its pattern moves).
///
/// Along each axis in turn it goes on as long as the next point is better, until no neighbour of the best is.
///
/// - Parameters:
///   - sizes: the number of points along each axis.
///   - start: where to begin.
///   - evaluate: the worth of a point, higher is better; asked once for each.
/// - Returns: the best point and its worth.
package func patternSearch(
  sizes: [Int], start: [Int], evaluate: (_ point: [Int]) throws -> Double
) rethrows -> (point: [Int], value: Double) {
  precondition(
    sizes.count == start.count && zip(start, sizes).allSatisfy { $0 >= 0 && $0 < $1 },
    "patternSearch: \(start) is not on a grid of \(sizes)")
  var known: [[Int]: Double] = [:]
  func value(_ point: [Int]) throws -> Double {
    if let value = known[point] { return value }
    let value = try evaluate(point)
    known[point] = value
    return value
  }
  var best = start
  var bestValue = try value(start)
  var hasMoved = true
  while hasMoved {
    hasMoved = false
    for axis in sizes.indices {
      for step in [1, -1] {
        var next = best
        next[axis] += step
        while next[axis] >= 0 && next[axis] < sizes[axis], try value(next) > bestValue {
          (best, bestValue, hasMoved) = (next, try value(next), true)
          next[axis] += step
        }
      }
    }
  }
  return (best, bestValue)
}
