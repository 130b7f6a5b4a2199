import ArgumentParser
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerTraining

/// Where the metrics of each user's list are written.
struct UserFiguresOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the metrics of each test user's list to this file, as JSON: for tests that pair users.",
      valueName: "file"))
  var userFigures: String?

  /// - Parameter identifiers: of all users of the run.
  /// - Throws: `FileError`.
  func write(_ assessment: Assessment, identifiers: [String]) throws {
    guard let path = userFigures else { return }
    guard let figures = assessment.retrieval?.userFigures(identifiers) else {
      Terminal.say("note: --user-figures: the run has no lists that are measured: nothing is written")
      return
    }
    try AtomicFiles.write(figures.json.text(indent: nil) + "\n", to: path)
  }
}
