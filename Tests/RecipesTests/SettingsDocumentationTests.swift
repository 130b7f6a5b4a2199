import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerNeuralNetwork
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerTraining

/// Models/README.md is where every setting is documented: it must list each, once, with its default.
struct SettingsDocumentationTests {
  private let text: String
  /// Default by path, as the tables have them.
  private let documented: [(path: String, value: String)]

  init() throws {
    text = try String(contentsOfFile: repositoryFolder + "/Models/README.md", encoding: .utf8)
    let header = "| setting | default | meaning |"
    var isSettings = false
    var documented: [(String, String)] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == header { isSettings = true }
      if !line.hasPrefix("|") { isSettings = false }
      guard isSettings, line.hasPrefix("| `") else { continue }
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      documented.append((cells[0].replacingOccurrences(of: "`", with: ""), cells[1].replacingOccurrences(of: "`", with: "")))
    }
    self.documented = documented
  }

  /// The row of the tables that stands for a path.
  private func row(of path: String) -> String {
    var keys = path.split(separator: ".").map(String.init)
    guard keys.count > 2, ["retrieval", "matrix-factorization", "ranking"].contains(keys[0]) else { return path }
    keys[0] = "TASK"
    if keys[1].hasSuffix("-tower") { keys[1] = "TOWER" }
    if keys.count > 4 { keys[3] = "FEATURE" }
    return keys.joined(separator: ".")
  }

  @Test func everySettingIsListedOnceWithItsDefault() throws {
    let settings = try allSettings()
    #expect(settings.count > 70)
    for (path, value) in settings {
      let rows = documented.filter { $0.path == row(of: path) }
      #expect(rows.count == 1, "\(path) is listed \(rows.count) times")
      #expect(rows.first?.value == value, "\(path)")
    }
  }

  @Test func nothingIsListedThatIsNoSetting() throws {
    let rows = Set(try allSettings().keys.map(row))
    for (path, _) in documented { #expect(rows.contains(path), "\(path)") }
  }

  @Test func everyChoiceIsNamed() {
    let choices: [[String]] = [
      LabelScaling.allCases.map(\.rawValue), DuplicateRule.allCases.map(\.rawValue), FeatureName.allCases.map(\.rawValue),
      UserStatistic.allCases.map(\.rawValue), ItemStatistic.allCases.map(\.rawValue), PairStatistic.allCases.map(\.rawValue),
      FeatureSettings.TagText.allCases.map(\.rawValue), FeatureSettings.TagWeighting.allCases.map(\.rawValue),
      FeatureSettings.StatisticsExclusion.allCases.map(\.rawValue), TowerSettings.Combination.allCases.map(\.rawValue),
      RetrievalSettings.Similarity.allCases.map(\.rawValue), RetrievalSettings.Loss.allCases.map(\.rawValue),
      RetrievalSettings.Start.allCases.map(\.rawValue),
      RetrievalSettings.Mask.allCases.map(\.rawValue), RetrievalSettings.Negatives.allCases.map(\.rawValue),
      RankingSettings.Head.allCases.map(\.rawValue), RankingSettings.Towers.allCases.map(\.rawValue),
      ValidationSettings.Metric.allCases.map(\.rawValue), TaskOrderSettings.Order.allCases.map(\.rawValue),
      baselineTypes.map { $0.kind }, BaselineSettings.Weights.allCases.map(\.rawValue),
      TrainingSettings.OptimizerName.allCases.map(\.rawValue), LearningRateSchedule.Decay.allCases.map(\.rawValue),
    ]
    for choice in choices.joined() { #expect(text.contains("`\(choice)`"), "\(choice)") }
  }

  @Test func everyRecipeIsListed() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: repositoryFolder + "/Models")
    where name.hasSuffix(".yaml") { #expect(text.contains("| `\(name)` |"), "\(name)") }
  }
}
