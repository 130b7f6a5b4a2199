import TwoTowerDatasets
import TwoTowerFiles
import TwoTowerTraining

/// How a tuning is shown: a line for each trial as it ends, and what was found.
struct TuningTable {
  private let width: Int

  init(_ recipes: [TunableRecipe]) { width = max(6, recipes.map(\.name.count).max() ?? 0) }

  var header: String { "   #  \(padded("recipe"))  epochs  NDCG@20   best      s  settings" }

  func line(_ progress: Tuner.Progress) -> String {
    let trial = progress.trial
    let value = trial.value.map { formatted($0, digits: 4) } ?? "–"
    let best = progress.best.map { formatted($0, digits: 4) } ?? "–"
    let seconds = progress.isKnown ? "known" : formatted(trial.seconds, digits: 1)
    return "\(flushRight("\(progress.number)", 4))  \(padded(trial.recipe))  \(flushRight(percent(trial.share), 6))  "
      + "\(flushRight(value, 7))  \(flushRight(best, 6))  \(flushRight(seconds, 5))  "
      + Self.short(trial.settings)
  }

  private func padded(_ text: String) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }

  private func flushRight(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Settings without the sections that they stand in.
  private static func short(_ settings: String) -> String {
    guard !settings.isEmpty else { return "as it is" }
    return settings.split(separator: " ").map { setting in
      let parts = setting.split(separator: "=", maxSplits: 1)
      return (parts[0].split(separator: ".").last ?? "") + "=" + parts[1]
    }.joined(separator: " ")
  }

  /// What was found, in lines.
  static func lines(_ result: Tuner.Result) -> [String] {
    ["best: NDCG@20 \(formatted(result.value, digits: 4)) on held-out training rows"]
      + result.parts.map { part in
        let weight = part.weight.map { "\($0) × " } ?? ""
        return "  \(weight)\(part.name)" + (part.settings.isEmpty ? "" : "  \(part.settings)")
      }
  }

  static func json(_ result: Tuner.Result) -> JSONValue {
    .object([
      (key: "validation_ndcg_at_20", value: .number(result.value)),
      (
        key: "parts",
        value: .array(
          result.parts.map { part in
            .object(
              [(key: "recipe", value: .string(part.name)), (key: "settings", value: .string(part.settings))]
                + (part.weight.map { [(key: "weight", value: .number(Double($0)))] } ?? []))
          })
      ),
      (key: "trials", value: .array(result.trials.map(\.json))),
    ])
  }
}

extension Tuner {
  /// Tunes aloud: a line on standard error for each trial.
  ///
  /// - Throws: `Interrupted` after a signal.
  static func runAloud(
    _ recipes: TuningRecipes, dataset: Dataset, split: Split, seed: UInt64, limit: Limit, log: TuningLog
  ) throws -> Result {
    let tunable = try recipes.tunable()
    let table = TuningTable(tunable)
    let names = tunable.map(\.name).joined(separator: ", ")
    Terminal.say("tuning \(names) by NDCG@20 on \(heldOutTenth(of: split, dataset, seed: seed))")
    Terminal.say(table.header)
    var tuner = Tuner(
      tunable, dataset: dataset, split: split, seed: seed, limit: limit, log: log,
      stopSignal: { Interrupts.pending }, report: { Terminal.say(table.line($0)) })
    do { return try tuner.run() } catch TrainingError.interrupted(let signal) {
      throw Interrupted(signal: signal)
    } catch TrainingError.interruptedBaseline(let signal) { throw Interrupted(signal: signal) }
  }
}
