import ArgumentParser
import Foundation

@main
struct TwoTowerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "twotower",
    abstract: "Train, measure and ask two-tower recommenders from the shell.",
    discussion: """
      Examples:
        twotower demo                              all of it on made-up data
        twotower fit --data DIR --output RUN       train on your data
        twotower evaluate RUN                      how good it is
        twotower refit RUN --data DIR              the same on all rows, to be used
        twotower tune --data DIR                   settings that suit your data
        twotower compare RECIPE... --data DIR      several recipes in one table
        twotower recommend RUN --user 2            what a user may like
        twotower similar RUN --artist NAME         what is like an artist
        twotower rank RUN --user 2 --artists 1,2   order given artists for a user
        twotower export RUN --output DIR           embeddings for other tools

      Exit status: 0 done, 64 usage, 65 bad data, 66 no such input, 70 a defect, 73 cannot write, 130 or 143 \
      interrupted.
      """,
    version: toolVersion,
    subcommands: [
      Fit.self, Evaluate.self, Refit.self, Tune.self, Compare.self, Recommend.self, Similar.self, Rank.self,
      Export.self,
      Sample.self, Demo.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      end(with: error)
    }
  }

  /// Says what went wrong in one line and ends with its status; usage errors and help are the parser's.
  private static func end(with error: any Error) -> Never {
    if error is CleanExit || error is ValidationError || error is ArgumentParser.ExitCode
      || "\(type(of: error))" == "CommandError"
    {
      exit(withError: error)
    }
    let (message, status) = describe(error)
    Terminal.say("twotower: \(Terminal.errorLead) \(message)")
    Foundation.exit(status)
  }
}

/// The version of the tool and of the runs that it writes.
let toolVersion = "0.1.0"
