import ArgumentParser
import TwoTowerDatasets

struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a made-up data set in HetRec format, with planted tastes to find.",
    discussion: """
      Example:
        twotower sample --users 300 --artists 500 --seed 1 --output DIR
      """)

  @Option(help: "How many users.") var users = 300
  @Option(help: "How many artists.") var artists = 500
  @Option(help: "The same seed writes the same bytes.") var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Folder to write; it must not exist or be empty.", valueName: "dir")) var output: String

  func run() throws {
    Interrupts.catchSignals()
    Terminal.say("making up \(grouped(users)) users and \(grouped(artists)) artists")
    do {
      let summary = try writeSample(users: users, artists: artists, seed: seed, to: output) {
        Interrupts.pending != nil
      }
      Terminal.say(
        "written to \(output): \(grouped(summary.users)) users, \(grouped(summary.artists)) artists, "
          + "\(grouped(summary.interactions)) interactions, \(grouped(summary.tagAssignments)) tag assignments, "
          + "\(grouped(summary.friendPairs)) friend pairs")
    } catch {
      try Interrupts.check()
      throw error
    }
  }
}
