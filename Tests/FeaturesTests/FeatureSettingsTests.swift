import Foundation
import Testing
import TwoTowerFeatures

struct FeatureSettingsTests {
  private func decode(_ json: String) throws -> FeatureSettings {
    try JSONDecoder().decode(FeatureSettings.self, from: Data(json.utf8))
  }

  @Test func absentKeysKeepTheirDefaults() throws {
    #expect(try decode("{}") == FeatureSettings())
    let settings = try decode(
      """
      {"tag-text": "words", "tag-weighting": "tf-idf", "imputation": "2010-06-01", "maximum-tags": 7,
       "user-statistics": ["mean", "tagged-share"], "statistics-exclusion": "leave-one-out"}
      """)
    #expect(settings.tagText == .words && settings.tagWeighting == .tfIdf && settings.maximumTags == 7)
    #expect(settings.imputation == .fixed(1_275_350_400_000) && settings.bucketCount == 1000)
    #expect(settings.userStatistics == [.mean, .taggedShare] && settings.statisticsExclusion == .leaveOneOut)
  }

  @Test func everySettingComesBack() throws {
    var settings = FeatureSettings()
    settings.minimumCount = 2
    settings.tagText = .words
    settings.minimumTagCount = 3
    settings.maximumTags = 4
    settings.tagWeighting = .log
    settings.leavesOwnTagsOut = false
    settings.historyLimit = 5
    settings.bucketCount = 6
    settings.imputation = .unknown
    settings.userStatistics = [.friends]
    settings.itemStatistics = [.unseen]
    settings.pairStatistics = [.tagged]
    settings.statisticsExclusion = .leaveOneOut
    settings.statisticsFolds = 7
    let data = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(FeatureSettings.self, from: data) == settings)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(Set(object.keys) == Set(FeatureSettings.CodingKeys.allCases.map(\.rawValue)))
  }

  @Test(arguments: [
    #"{"minimum-count": 0}"#, #"{"minimum-tag-count": -1}"#, #"{"maximum-tags": -1}"#, #"{"history-limit": 0}"#,
    #"{"bucket-count": 0}"#, #"{"bucket-count": 9999999999}"#, #"{"statistics-folds": 1}"#,
    #"{"user-statistics": []}"#, #"{"item-statistics": ["mean", "mean"]}"#, #"{"pair-statistics": []}"#,
  ])
  func settingsWithoutSenseAreRefused(_ json: String) throws {
    let settings = try decode(json)
    do {
      try settings.validate()
      Issue.record("\(json) passed")
    } catch {
      let key = json.split(separator: "\"")[1]
      #expect("\(error)".hasPrefix("features: \(key) is "))
    }
  }

  @Test(arguments: [
    #"{"imputation": "yesterday"}"#, #"{"tag-text": "letters"}"#, #"{"user-statistics": ["avarage"]}"#,
  ])
  func unknownNamesAreRefused(_ json: String) {
    #expect(throws: (any Error).self) { try decode(json) }
  }
}
