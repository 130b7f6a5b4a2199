import TwoTowerTraining

/// What tuning has found for the recipes of a comparison: a row of figures for each, and the settings below.
struct TunedTable {
  private static let title = "tuned"
  private let entries: [(label: String, tuned: TunedSettings)]

  init(_ comparison: Comparison) {
    entries = comparison.entries.compactMap { entry in entry.tuned.map { (entry.label, $0) } }
  }

  private static let notes = [
    "tuned: by NDCG@20 on a tenth of the training rows, without a look at test rows,",
    "then fitted on all training rows. fit s and all s are of that fit alone.",
  ]

  /// Nothing where nothing was tuned.
  var lines: [String] {
    guard !entries.isEmpty else { return [] }
    var table = TextTable(
      [(Self.title, .left), ("as it is", .right), ("found", .right), ("trials", .right), ("s", .right)],
      shortening: [Self.title])
    for (label, tuned) in entries {
      table.add([
        label, share(tuned.valueAsItIs), share(tuned.value), "\(tuned.trials.count)",
        formatted(tuned.seconds, digits: 1),
      ])
    }
    var lines = table.lines
    // The settings of a recipe stand below its figures.
    for (place, entry) in entries.enumerated().reversed() {
      lines.insert(contentsOf: settings(entry.tuned).map { "  " + $0 }, at: place + 2)
    }
    return [""] + lines + [""] + Self.notes
  }

  private func settings(_ tuned: TunedSettings) -> [String] {
    tuned.settings.isEmpty ? ["unchanged"] : tuned.settings.split(separator: " ").map(String.init)
  }

  /// The same as a list, so that the comparison is one table.
  var markdown: [String] {
    guard !entries.isEmpty else { return [] }
    let items = entries.map { label, tuned in
      "- \(label): \(share(tuned.valueAsItIs)) → \(share(tuned.value)) in \(tuned.trials.count) trials and "
        + "\(formatted(tuned.seconds, digits: 1)) s: "
        + settings(tuned).map { tuned.settings.isEmpty ? $0 : "`\($0)`" }.joined(separator: ", ")
    }
    return ["", "Tuned:", ""] + items + [""] + Self.notes
  }
}
