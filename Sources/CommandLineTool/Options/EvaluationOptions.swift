import ArgumentParser

/// How much of the test rows is evaluated.
struct EvaluationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Evaluate so many of the users with test rows, drawn at random by the recipe's seed. Default: all.",
      valueName: "count"))
  var evaluateUsers: Int?

  func validate() throws {
    if let evaluateUsers, evaluateUsers < 1 {
      throw ValidationError("--evaluate-users is \(evaluateUsers), expected at least 1")
    }
  }
}
