import Foundation
import TestSupport

/// One run of the default recipe on the bundled sample, shared by all tests that only ask it.
final class SampleRun: Sendable {
  static let shared = Result<SampleRun, any Error> { try SampleRun() }

  let folder: TemporaryFolder
  let outcome: Outcome
  var path: String { folder("run") }

  private init() throws {
    folder = try TemporaryFolder()
    outcome = try twotower("fit", "--data", Tool.sample, "--output", folder("run"), "--seed", "1", "--json")
    guard outcome.status == 0 else { throw SetUpError(outcome: outcome) }
  }
}

struct SetUpError: Error { let outcome: Outcome }

/// Options that make a fit on the sample quick, for tests of what surrounds training.
let quick = [
  "--data", Tool.sample, "--epochs", "1", "--dimension", "8", "--set", "ranking.training.epochs=1",
  "--set", "ranking.hidden-layers=[8]",
]

/// The same for retrieval alone.
let quickRetrieval = ["--data", Tool.sample, "--recipe", "retrieval", "--epochs", "2", "--dimension", "8"]

/// The sample's interactions parted into a training file and a test file, some rows in neither.
struct SampleSplit {
  let train: String
  let test: String
  private(set) var trainingItems: [String: [String]] = [:]
  private(set) var testItems: [String: [String]] = [:]
  private(set) var trainingCount = 0
  private(set) var testCount = 0

  /// - Parameter header: of the files; nil for that of the sample.
  init(in folder: TemporaryFolder, header: String? = nil) throws {
    let rows = try lines(of: Tool.sample + "/user_artists.dat")
    let header = (header ?? rows[0]) + "\n"
    var (trainText, testText) = (header, header)
    for (number, row) in rows.dropFirst().enumerated() where number % 10 != 9 {
      let fields = row.split(separator: "\t").map(String.init)
      if number % 3 == 0 {
        testText += row + "\n"
        testItems[fields[0], default: []].append(fields[1])
        testCount += 1
      } else {
        trainText += row + "\n"
        trainingItems[fields[0], default: []].append(fields[1])
        trainingCount += 1
      }
    }
    train = try folder.write("train.tsv", trainText)
    test = try folder.write("test.tsv", testText)
  }
}
