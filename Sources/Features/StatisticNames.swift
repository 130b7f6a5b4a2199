/// What can be told of a user from the training rows. Labels are those that a ranking model learns.
public enum UserStatistic: String, Sendable, Codable, CaseIterable {
  /// ln(1 + training rows).
  case trainingRows = "training-rows"
  /// The mean label, drawn towards the mean of all labels as if by two more rows.
  case mean
  case maximum, minimum
  case standardDeviation = "standard-deviation"
  /// The sum of the squared labels.
  case sumOfSquares = "sum-of-squares"
  /// The mean of ln(1 + weight).
  case meanLogWeight = "mean-log-weight"
  /// The standard deviation of ln(1 + weight).
  case standardDeviationOfLogWeight = "standard-deviation-of-log-weight"
  /// ln(1 + tag assignments given).
  case tagAssignments = "tag-assignments"
  /// ln(1 + items tagged).
  case taggedItems = "tagged-items"
  /// ln(1 + friends).
  case friends
}

/// What can be told of an item from the training rows.
public enum ItemStatistic: String, Sendable, Codable, CaseIterable {
  /// ln(1 + training rows).
  case trainingRows = "training-rows"
  /// The mean label, drawn towards the mean of all labels as if by three more rows.
  case mean
  case maximum
  case standardDeviation = "standard-deviation"
  /// The sum of what the labels differ from the mean of the same user's other labels, divided by rows + 5.
  case meanResidual = "mean-residual"
  /// The mean of ln(1 + weight).
  case meanLogWeight = "mean-log-weight"
  /// ln(1 + tag assignments received).
  case tagAssignments = "tag-assignments"
  /// ln(1 + users who gave a tag).
  case taggers
  /// ln(1 + distinct tags).
  case distinctTags = "distinct-tags"
}
