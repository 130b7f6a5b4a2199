/// Looks for the best point of a grid by steps to neighbours (Hooke and Jeeves, "Direct search solution of numerical and
/// statistical problems", JACM 1961, without its pattern moves).
///
/// Along each axis in turn, and then each diagonal of two, it goes on as long as the next point is better, until no
/// neighbour of the best is: settings that make up for each other lie along a diagonal.
///
/// - Parameters:
///   - sizes: the number of points along each axis.
///   - start: where to begin.
///   - limit: no more points than that are asked for.
///   - evaluate: the worth of a point, higher is better; asked once for each.
/// - Returns: the best point and its worth.
package func patternSearch(
  sizes: [Int], start: [Int], limit: Int = .max, evaluate: (_ point: [Int]) throws -> Double
) rethrows -> (point: [Int], value: Double) {
  precondition(
    sizes.count == start.count && zip(start, sizes).allSatisfy { $0 >= 0 && $0 < $1 },
    "patternSearch: \(start) is not on a grid of \(sizes)")
  func step(_ moves: [(axis: Int, by: Int)]) -> [Int] {
    sizes.indices.map { axis in moves.first { $0.axis == axis }?.by ?? 0 }
  }
  var steps = sizes.indices.flatMap { axis in [1, -1].map { step([(axis, $0)]) } }
  for second in sizes.indices {
    for first in 0..<second {
      for (left, right) in [(1, 1), (-1, -1), (1, -1), (-1, 1)] {
        steps.append(step([(first, left), (second, right)]))
      }
    }
  }
  var known: [[Int]: Double] = [:]
  func value(_ point: [Int]) throws -> Double {
    if let value = known[point] { return value }
    guard known.count < limit else { return -.infinity }
    let value = try evaluate(point)
    known[point] = value
    return value
  }
  var best = start
  var bestValue = try value(start)
  var hasMoved = true
  while hasMoved {
    hasMoved = false
    for step in steps {
      var next = zip(best, step).map { $0 + $1 }
      while zip(next, sizes).allSatisfy({ $0 >= 0 && $0 < $1 }), try value(next) > bestValue {
        (best, bestValue, hasMoved) = (next, try value(next), true)
        next = zip(next, step).map { $0 + $1 }
      }
    }
  }
  return (best, bestValue)
}
