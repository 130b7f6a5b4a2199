import Foundation
import Testing
import TestSupport

private let data = RealData.lastfm

/// The published matrix factorisations of the real set come out, though rows and random numbers are not theirs.
@Suite(.enabled(if: data != nil, "set TWOTOWER_LASTFM to its folder"), .serialized)
struct PublishedFactorizationTests {
  struct Published: CustomTestStringConvertible {
    /// The published maxima of users are over all rows, ours over training rows: their labels and errors are smaller.
    var tolerance: Double { options.contains("labels=per-user-maximum") ? 0.25 : 0.1 }
    var recipe: String
    var options: [String] = []
    var train: Double
    var test: Double
    var regularization: Double?
    var testDescription: String { ([recipe] + options).joined(separator: " ") }
  }

  @Test(arguments: [
    Published(recipe: "matrix-factorization-plain", train: 0.151, test: 0.238),
    Published(recipe: "matrix-factorization", train: 0.2966, test: 0.3266, regularization: 0.2094),
    Published(
      recipe: "matrix-factorization-plain",
      options: [
        "--holdout", "0.3", "--set", "labels=per-user-maximum", "--set", "matrix-factorization.initial-deviation=0.5",
      ], train: 0.0315, test: 0.677),
    Published(
      recipe: "matrix-factorization",
      options: [
        "--holdout", "0.3", "--set", "labels=per-user-maximum", "--set", "matrix-factorization.regularization=0.1",
      ], train: 0.0324, test: 0.0505, regularization: 0.0172),
    Published(
      recipe: "matrix-factorization-plain",
      options: ["--set", "labels=global-min-max", "--set", "matrix-factorization.initial-deviation=0.5"],
      train: 0.0190, test: 0.448),
  ])
  func errorsAreThosePublished(of published: Published) throws {
    let folder = try TemporaryFolder()
    let outcome = try twotower(
      ["fit", "--data", try #require(data), "--recipe", published.recipe, "--seed", "1", "--output", folder("run"), "--json"]
        + published.options)
    expectSuccess(outcome)
    let json = try #require(outcome.json)
    for (name, value) in [
      ("train_error", published.train), ("test_error", published.test),
      ("regularization_loss", published.regularization ?? 0),
    ] {
      let found = try figure(json, [name])
      #expect(abs(found - value) <= published.tolerance * value, "\(name) \(found), published \(value)")
    }
  }
}
