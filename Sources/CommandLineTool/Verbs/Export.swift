import ArgumentParser
import TwoTowerServing

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a run's embeddings for other tools.",
    discussion: """
      Example:
        twotower export RUN --format npy --output DIR

      Writes query_embeddings.npy and candidate_embeddings.npy (32-bit floats, a row each) and query_ids.txt and \
      candidate_ids.txt (an identifier a line). The score of a pair is the dot product of its rows.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case npy }

  @Argument(help: ArgumentHelp("The folder that fit wrote.", valueName: "run")) var path: String
  @Option(help: "The file format.") var format = Format.npy
  @Option(help: ArgumentHelp("Folder to write; it must not exist or be empty.", valueName: "dir")) var output: String

  func run() throws {
    Interrupts.catchSignals()
    let run = try Answerer(opening: path)
    try run.exportNpy(to: output)
    Terminal.say("written to \(output): query and candidate embeddings and their identifiers")
  }
}
