/// What can be told of a user from the training rows.
///
/// Labels are those that a ranking model learns.
///
/// Means and deviations are drawn towards those of all training rows as if by two more rows, so that few rows say
/// little; a weight is the interaction's (a listening count, a rating).
package enum UserStatistic: String, Sendable, Codable, CaseIterable {
  /// ln(1 + training rows).
  case trainingRows = "training-rows"
  case mean, maximum, minimum
  case standardDeviation = "standard-deviation"
  /// The mean of the squared labels.
  case meanSquare = "mean-square"
  /// The mean of ln(max(label, 1e-6)).
  case meanLogLabel = "mean-log-label"
  /// The mean of ln(1 + weight).
  case meanLogWeight = "mean-log-weight"
  /// The standard deviation of ln(1 + weight).
  case standardDeviationOfLogWeight = "standard-deviation-of-log-weight"
  /// ln(1 + tag assignments given).
  case tagAssignments = "tag-assignments"
  /// ln(1 + items tagged).
  case taggedItems = "tagged-items"
  /// The share of the user's training rows whose item the user tagged: (tagged + 0.5) / (rows + 2).
  case taggedShare = "tagged-share"
  /// ln(1 + friends).
  case friends
}

/// What can be told of an item from the training rows.
///
/// Means and deviations are drawn towards those of all training rows as if by three more rows.
package enum ItemStatistic: String, Sendable, Codable, CaseIterable {
  /// ln(1 + training rows).
  case trainingRows = "training-rows"
  /// 1 where there is no training row, else 0.
  case unseen
  case mean, maximum
  case standardDeviation = "standard-deviation"
  /// The sum of what each label differs from the mean of the same user's other labels, divided by rows + 3.
  case meanResidual = "mean-residual"
  /// The mean of ln(max(label, 1e-6)).
  case meanLogLabel = "mean-log-label"
  /// As `meanResidual`, of ln(max(label, 1e-6)).
  case meanLogResidual = "mean-log-residual"
  /// The mean of ln(1 + weight).
  case meanLogWeight = "mean-log-weight"
  /// ln(1 + tag assignments received).
  case tagAssignments = "tag-assignments"
  /// ln(1 + users who gave a tag).
  case taggers
  /// ln(1 + distinct tags).
  case distinctTags = "distinct-tags"
}
