/// Brings columns of numbers to mean 0 and standard deviation 1, as fitted on what training rows see.
package struct Standardiser: Sendable, Equatable {
  /// Values beyond so many standard deviations are cut: a query far outside the training data stays within reach.
  package static let limit: Float = 8

  package let means: [Float]
  /// 1 / standard deviation; 0 for a column that is the same everywhere.
  package let scales: [Float]

  package init(means: [Float], scales: [Float]) {
    precondition(means.count == scales.count, "Standardiser: \(means.count) means, \(scales.count) scales")
    self.means = means
    self.scales = scales
  }

  /// - Parameter values: `[rowCount, width]`, row-major.
  package init(fitting values: [Float], width: Int) {
    precondition(width == 0 || values.count % width == 0, "Standardiser: \(values.count) values, width \(width)")
    let rowCount = width == 0 ? 0 : values.count / width
    var means = [Double](repeating: 0, count: width)
    var squares = means
    for row in 0..<rowCount {
      for column in 0..<width { means[column] += Double(values[row &* width &+ column]) }
    }
    for column in 0..<width { means[column] /= Double(max(1, rowCount)) }
    for row in 0..<rowCount {
      for column in 0..<width {
        let difference = Double(values[row &* width &+ column]) - means[column]
        squares[column] += difference * difference
      }
    }
    self.means = means.map(Float.init)
    scales = (0..<width).map { column in
      let deviation = (squares[column] / Double(max(1, rowCount))).squareRoot()
      // Rounding of the values themselves is no spread.
      return deviation > 1e-6 * max(1e-6, abs(means[column])) ? Float(1 / deviation) : 0
    }
  }

  package var width: Int { means.count }

  package func apply(to values: inout [Float]) {
    precondition(width == 0 || values.count % width == 0, "Standardiser: \(values.count) values, width \(width)")
    var column = 0
    for index in values.indices {
      let value = (values[index] - means[column]) * scales[column]
      values[index] = min(max(value, -Self.limit), Self.limit)
      column = column &+ 1 == width ? 0 : column &+ 1
    }
  }
}
