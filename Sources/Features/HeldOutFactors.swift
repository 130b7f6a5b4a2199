import TwoTowerKernels

/// What numbers in units of training labels are multiplied by to stand beside labels of held-out rows.
///
/// A training label is scaled by the user's training rows; a held-out row is measured by a label scaled by all of the
/// user's rows, which is smaller. By how much is not known, as held-out weights are not: it is estimated on training
/// rows alone, by hiding some of them. 1 where labels are not scaled user by user.
package struct HeldOutFactors: Sendable, Equatable {
  /// For a mean of training labels, and predictions of models that see all training rows but the row itself.
  package var plain: Float
  /// For predictions of a ranking model.
  package var predictions: Float

  /// A split is taken to hide every third row of a user, about what the default hold-out hides.
  package static let hiddenPart = 3

  package init(plain: Float = 1, predictions: Float = 1) {
    self.plain = plain
    self.predictions = predictions
  }

  /// - Parameter statisticsPart: n when the ranking model learns from statistics of a user's labels that leave an n-th
  ///   of the rows out: it then predicts beyond what it sees already. Nil for other models.
  package init(
    _ scaling: LabelScaling, users: [Int32], weights: [Float], userCount: Int, statisticsPart: Int?
  ) {
    let rows = Grouping(keys: users, groupCount: userCount)
    let weightsOfUsers = (0..<userCount).map { user in rows.order[rows.range(of: user)].map { weights[Int($0)] } }
    let plain = Self.factor(scaling, weightsOfUsers, hidingEvery: Self.hiddenPart)
    let seenAlready = statisticsPart.map { Self.factor(scaling, weightsOfUsers, hidingEvery: $0) } ?? 1
    self.init(plain: plain, predictions: plain / seenAlready)
  }

  /// The mean label of rows scaled by all rows of their user, over the mean label of those left when every `part`-th row
  /// is hidden, scaled by those left.
  static func factor(_ scaling: LabelScaling, _ weightsOfUsers: [[Float]], hidingEvery part: Int) -> Float {
    var (all, told) = (Mean(), Mean())
    for (user, weights) in weightsOfUsers.enumerated() where weights.count > 1 {
      guard let scale = scaling.userScale(of: weights), scale > 0 else { continue }
      all.add(weights, scale: scale, times: Double(part))
      for hidden in 0..<part {
        let rest = weights.indices.filter { ($0 + user) % part != hidden }.map { weights[$0] }
        if let scale = scaling.userScale(of: rest), scale > 0 { told.add(rest, scale: scale, times: 1) }
      }
    }
    return told.value > 0 && all.value > 0 ? Float(all.value / told.value) : 1
  }

  private struct Mean {
    private var (sum, count) = (0.0, 0.0)

    var value: Double { count > 0 ? sum / count : 0 }

    mutating func add(_ weights: [Float], scale: Double, times: Double) {
      sum += times * weights.reduce(0.0) { $0 + Double($1) } / scale
      count += times * Double(weights.count)
    }
  }
}

extension FeatureBuilder {
  /// The factors of this data's training rows.
  ///
  /// - Parameter seesUserStatistics: whether the ranking model learns from `user-statistics`.
  package func heldOutFactors(seesUserStatistics: Bool) -> HeldOutFactors {
    HeldOutFactors(
      labelScaler.scaling, users: trainingUsers, weights: split.train.map { dataset.interactions.weights[Int($0)] },
      userCount: dataset.users.count,
      statisticsPart: seesUserStatistics && settings.statisticsExclusion == .outOfFold ? settings.statisticsFolds : nil)
  }
}
