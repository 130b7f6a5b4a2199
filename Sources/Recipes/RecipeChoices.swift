import TwoTowerAutodiff
import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerNeuralNetwork
import TwoTowerRecommenders
import TwoTowerTraining

extension RecipeReader {
  /// The words that a setting of fixed choices takes, by the last keys of its path.
  static func allowedValues(path: [String]) -> String? {
    let isRetrieval = path.first == "retrieval"
    let words: [String]? =
      switch path.last {
      case "labels": LabelScaling.allCases.map(\.rawValue)
      case "duplicates": DuplicateRule.allCases.map(\.rawValue)
      case "feature": FeatureName.allCases.map(\.rawValue)
      case "combine": TowerSettings.Combination.allCases.map(\.rawValue)
      case "combiner": ["mean", "sum"]
      case "last-activation": Activation.allCases.map(\.rawValue)
      case "similarity": RetrievalSettings.Similarity.allCases.map(\.rawValue)
      case "loss" where isRetrieval: RetrievalSettings.Loss.allCases.map(\.rawValue)
      case "start": RetrievalSettings.Start.allCases.map(\.rawValue)
      case "reduction": ["mean", "sum"]
      case "mask": RetrievalSettings.Mask.allCases.map(\.rawValue)
      case "negatives": RetrievalSettings.Negatives.allCases.map(\.rawValue)
      case "head": RankingSettings.Head.allCases.map(\.rawValue)
      case "towers": RankingSettings.Towers.allCases.map(\.rawValue)
      case "kind": baselineTypes.map { $0.kind }
      case "weights": BaselineSettings.Weights.allCases.map(\.rawValue)
      case "metric": ValidationSettings.Metric.allCases.map(\.rawValue)
      case "order": TaskOrderSettings.Order.allCases.map(\.rawValue)
      case "optimizer": TrainingSettings.OptimizerName.allCases.map(\.rawValue)
      case "schedule": LearningRateSchedule.Decay.allCases.map(\.rawValue)
      case "tag-text": FeatureSettings.TagText.allCases.map(\.rawValue)
      case "tag-weighting": FeatureSettings.TagWeighting.allCases.map(\.rawValue)
      case "statistics-exclusion": FeatureSettings.StatisticsExclusion.allCases.map(\.rawValue)
      default:
        path.contains("user-statistics")
          ? UserStatistic.allCases.map(\.rawValue)
          : path.contains("item-statistics")
            ? ItemStatistic.allCases.map(\.rawValue)
            : path.contains("pair-statistics") ? PairStatistic.allCases.map(\.rawValue) : nil
      }
    return words.map { "one of " + $0.joined(separator: ", ") }
  }
}
