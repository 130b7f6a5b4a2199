import TwoTowerEvaluation
import TwoTowerTraining

/// How each model of a comparison differs from the first one, user by user.
struct DifferenceTable {
  private let comparison: Comparison
  private let rows: [(label: String, differences: [(metric: MetricAtCutoff, difference: PairedDifference)])]

  init(_ comparison: Comparison) {
    self.comparison = comparison
    rows = comparison.entries.indices.map {
      (comparison.entries[$0].label, comparison.differencesFromFirst(of: $0))
    }.filter { !$0.1.isEmpty }
  }

  /// The difference, its interval and p.
  private func cells(_ difference: PairedDifference) -> [String] {
    [
      signed(difference.mean), "\(signed(difference.interval.low)) to \(signed(difference.interval.high))",
      difference.p < 0.001 ? "<.001" : String(formatted(difference.p, digits: 3).trimmingPrefix("0")),
    ]
  }

  /// A difference of shares with its sign.
  private func signed(_ value: Double) -> String { (value < 0 ? "−" : "+") + share(abs(value)) }

  private static let notes = [
    "Differences of the means over users, each user paired with itself, with 95 %",
    "intervals by bootstrap; p: of so large a difference, were there none.",
  ]

  private var title: String { "against \(comparison.entries.first?.label ?? "")" }

  /// Nothing where there is nothing to pair.
  var lines: [String] {
    guard !rows.isEmpty else { return [] }
    var table = TextTable(
      [(title, .left), ("", .left), ("difference", .right), ("95 % interval", .right), ("p", .right)],
      shortening: [title])
    for (label, differences) in rows {
      for (place, entry) in differences.enumerated() {
        table.add([place == 0 ? label : "", entry.metric.title] + cells(entry.difference))
      }
    }
    return [""] + table.lines + [""] + Self.notes
  }

  /// The same as a list, so that the comparison is one table.
  var markdown: [String] {
    guard !rows.isEmpty else { return [] }
    let items = rows.map { label, differences in
      let texts = differences.map { entry in
        let cells = cells(entry.difference)
        return "\(entry.metric.title) \(cells[0]) (\(cells[1]), p \(cells[2]))"
      }
      return "- \(label): " + texts.joined(separator: ", ")
    }
    return ["", "\(title.prefix(1).uppercased() + title.dropFirst()):", ""] + items + [""] + Self.notes
  }
}
