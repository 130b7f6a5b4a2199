import Foundation
import Testing
import TestSupport

private let data = RealData.lastfm

/// The published matrix factorisations of the real set come out, though rows and random numbers are not theirs.
@Suite(.enabled(if: data != nil, "set TWOTOWER_LASTFM to its folder"), .serialized)
struct PublishedFactorizationTests {
  struct Published: CustomTestStringConvertible {
    var recipe: String
    var options: [String] = []
    var train: Double
    var test: Double
    var regularization: Double?
    /// Whether weights are divided by the user's largest of all rows, test rows included, before anything is held out.
    /// The labels here never see test rows, so that the data is divided instead.
    var isScaledPerUser = false
    var testDescription: String { ([recipe] + options).joined(separator: " ") }
  }

  @Test(arguments: [
    Published(recipe: "matrix-factorization-plain", train: 0.151, test: 0.238),
    Published(recipe: "matrix-factorization", train: 0.2966, test: 0.3266, regularization: 0.2094),
    Published(
      recipe: "matrix-factorization-plain",
      options: ["--holdout", "0.3", "--set", "labels=none", "--set", "matrix-factorization.initial-deviation=0.5"],
      train: 0.0315, test: 0.677, isScaledPerUser: true),
    Published(
      recipe: "matrix-factorization",
      options: ["--holdout", "0.3", "--set", "labels=none", "--set", "matrix-factorization.regularization=0.1"],
      train: 0.0324, test: 0.0505, regularization: 0.0172, isScaledPerUser: true),
    Published(
      recipe: "matrix-factorization-plain",
      options: ["--set", "labels=global-min-max", "--set", "matrix-factorization.initial-deviation=0.5"],
      train: 0.0190, test: 0.448),
  ])
  func errorsAreWithinATenth(of published: Published) throws {
    let folder = try TemporaryFolder()
    let source = try #require(data)
    let outcome = try twotower(
      [
        "fit", "--data", published.isScaledPerUser ? scaledPerUser(source, in: folder) : source,
        "--recipe", published.recipe, "--seed", "1", "--output", folder("run"), "--json",
      ]
        + published.options)
    expectSuccess(outcome)
    let json = try #require(outcome.json)
    for (name, value) in [
      ("train_error", published.train), ("test_error", published.test),
      ("regularization_loss", published.regularization ?? 0),
    ] {
      let found = try figure(json, [name])
      #expect(abs(found - value) <= 0.1 * value, "\(name) \(found), published \(value)")
    }
  }

  /// A table of the set's interactions with every weight divided by the user's largest.
  private func scaledPerUser(_ source: String, in folder: TemporaryFolder) throws -> String {
    let rows = try lines(of: source + "/user_artists.dat").map {
      $0.split(whereSeparator: \.isWhitespace).map(String.init)
    }
    let weights = rows.map { Double($0[2]) ?? 0 }
    let largest = Dictionary(zip(rows.map { $0[0] }, weights), uniquingKeysWith: max)
    let scaled = zip(rows, weights).dropFirst().map { "\($0[0])\t\($0[1])\t\($1 / largest[$0[0]]!)\n" }
    return try folder.write("plays.tsv", "userID\tartistID\tweight\n" + scaled.joined())
  }
}
