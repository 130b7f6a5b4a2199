import TwoTowerEvaluation

/// Says how many of those who are measured no model was fitted on.
func sayNewUsers(_ new: NewUsers) {
  let start = "note: \(grouped(new.userCount)) of \(grouped(new.testUserCount)) test users have no training row: "
  switch new.servedPopularityCount {
  case new.userCount: Terminal.say(start + "they are recommended what is popular")
  case 0: Terminal.say(start + "they are known by their friends or tags alone")
  case let count:
    Terminal.say(start + "\(grouped(count)) of them are recommended what is popular, the others by friends or tags")
  }
}
