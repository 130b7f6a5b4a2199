import TwoTowerKernels

/// Turns weights into labels by norms, maxima and ranges of the rows that it was fitted on, and of no others.
///
/// Fitted on training rows it makes the labels of everything that is trained, validated or asked; fitted on all rows,
/// the labels that test rows are measured by.
package struct LabelScaler: Sendable, Equatable {
  package let scaling: LabelScaling
  /// What each user's weights are divided by, 0 for users without fitted rows; empty where users are not scaled one
  /// by one.
  package let userScales: [Float]
  /// The smallest and the largest fitted weight.
  package let lowest, highest: Float

  /// - Precondition: as many users as weights, users in 0..<userCount, weights finite and not negative.
  package init(_ scaling: LabelScaling, fittingUsers users: [Int32], weights: [Float], userCount: Int) {
    precondition(users.count == weights.count, "LabelScaler: \(users.count) users, \(weights.count) weights")
    let rows = Grouping(keys: users, groupCount: userCount)
    let ownWeights = { (user: Int) in rows.order[rows.range(of: user)].lazy.map { weights[Int($0)] } }
    let scales = (0..<userCount).compactMap { user in scaling.userScale(of: ownWeights(user)).map { Float($0) } }
    self.init(scaling, userScales: scales, lowest: weights.min() ?? 0, highest: weights.max() ?? 0)
  }

  /// A scaler that was fitted before.
  package init(_ scaling: LabelScaling, userScales: [Float], lowest: Float, highest: Float) {
    self.scaling = scaling
    self.userScales = userScales
    self.lowest = lowest
    self.highest = highest
  }

  /// The labels of rows `(users[k], weights[k])`.
  ///
  /// A user without fitted rows is scaled by the mean scale of the others.
  package func labels(users: [Int32], weights: [Float]) -> [Float] {
    guard !userScales.isEmpty else { return weights.map(unscaledLabel) }
    let known = userScales.filter { $0 > 0 }
    let usual = known.isEmpty ? 0 : known.reduce(0.0) { $0 + Double($1) } / Double(known.count)
    return zip(users, weights).map { user, weight in
      let scale = userScales[Int(user)]
      return divided(weight, by: scale > 0 ? Double(scale) : usual)
    }
  }

  /// The labels of rows that were not fitted, each as if it had been: scaled by the user's fitted rows and itself.
  ///
  /// So they lie where the labels of fitted rows do, however large a weight is beside those that were fitted.
  package func labels(ofUnfitted users: [Int32], weights: [Float]) -> [Float] {
    guard scaling.scalesUsers else { return labels(users: users, weights: weights) }
    return zip(users, weights).map { user, weight in
      let scale = Double(userScales[Int(user)])
      switch scaling {
      case .perUserMaximum: return divided(weight, by: max(scale, Double(weight)))
      default: return divided(weight, by: (scale * scale + Double(weight) * Double(weight)).squareRoot())
      }
    }
  }

  /// The labels of what one person is known to have, whoever they are: scaled by their own weights.
  ///
  /// Equal to `labels(users:weights:)` of a user whose fitted rows have these weights; never negative.
  package func labels(ofHistory weights: [Float]) -> [Float] {
    guard let scale = scaling.userScale(of: weights) else { return weights.map { max(0, unscaledLabel($0)) } }
    // Rounded as the scales of users are, so that a user and a person of the same rows have the same labels.
    return weights.map { divided($0, by: Double(Float(scale))) }
  }

  /// The labels of rows of people without fitted rows, each scaled by their own: `labels(ofHistory:)` of everyone.
  package func labels(ofHistories users: [Int32], weights: [Float]) -> [Float] {
    var labels = weights
    for (_, rows) in Dictionary(grouping: users.indices, by: { users[$0] }) {
      for (row, label) in zip(rows, self.labels(ofHistory: rows.map { weights[$0] })) { labels[row] = label }
    }
    return labels
  }

  private func divided(_ weight: Float, by scale: Double) -> Float { scale > 0 ? Float(Double(weight) / scale) : 0 }

  private func unscaledLabel(_ weight: Float) -> Float {
    switch scaling {
    case .perUserL2, .perUserMaximum, .none: weight
    case .globalMinMax:
      highest > lowest
        ? Float((Double(weight) - Double(lowest)) / (Double(highest) - Double(lowest))) : 1
    case .log: Float(logarithm(1 + Double(weight)))
    case .binary: weight > 0 ? 1 : 0
    }
  }
}

extension LabelScaler {
  /// What was fitted, as named arrays.
  var tables: FittedTables {
    var tables = FittedTables()
    tables.words["scaling"] = scaling.rawValue
    tables.numbers["user-scales"] = userScales
    tables.numbers["range"] = [lowest, highest]
    return tables
  }

  init(reading reader: FittedTablesReader, _ sizes: FittedSizes) throws {
    let scaling = try reader.choice("scaling", of: LabelScaling.self)
    let scales = try reader.numbers("user-scales", count: scaling.scalesUsers ? sizes.users : 0, atLeast: 0)
    let range = try reader.numbers("range", count: 2)
    guard range[0] <= range[1] else {
      throw reader.unexpected("range", found: "\(range[0]) to \(range[1])", expected: "the smaller weight first")
    }
    self.init(scaling, userScales: scales, lowest: range[0], highest: range[1])
  }
}
