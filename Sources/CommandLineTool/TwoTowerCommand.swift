import ArgumentParser

@main
struct TwoTowerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "twotower", abstract: "Two-tower recommender.")
}
