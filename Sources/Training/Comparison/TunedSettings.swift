import TwoTowerFiles

/// What tuning one recipe of a comparison has found, on held-out training rows.
package struct TunedSettings: Sendable, Codable, Equatable {
  /// What was changed in the recipe, `path=value` with spaces between; empty where it is best as it is.
  package let settings: String
  /// NDCG@20 on the validation sample.
  package let value: Double
  /// The same of the recipe as it is; nil where that could not be fitted.
  package let valueAsItIs: Double?
  package let trials: [TuningTrial]

  /// - Parameter result: of a tuner with one recipe.
  package init(_ result: Tuner.Result) {
    settings = result.parts.map(\.settings).joined(separator: " ")
    value = result.value
    valueAsItIs = result.trials.first { $0.settings.isEmpty && $0.share == 1 }?.value
    trials = result.trials
  }

  /// What the trials took, in seconds.
  package var seconds: Double { trials.reduce(0) { $0 + $1.seconds } }

  /// What was found and every trial; what there is not is absent.
  package var json: JSONValue {
    .object(
      [
        (key: "settings", value: .string(settings)), (key: "validation_ndcg_at_20", value: .number(value)),
      ] + (valueAsItIs.map { [(key: "validation_ndcg_at_20_as_it_is", value: .number($0))] } ?? []) + [
        (key: "seconds", value: .number(seconds)), (key: "trials", value: .array(trials.map(\.json))),
      ])
  }
}

extension TuningTrial {
  package var json: JSONValue {
    .object(
      [
        (key: "recipe", value: .string(recipe)), (key: "settings", value: .string(settings)),
        (key: "share", value: .number(share)), (key: "seconds", value: .number(seconds)),
      ] + (value.map { [(key: "validation_ndcg_at_20", value: .number($0))] } ?? []))
  }
}
