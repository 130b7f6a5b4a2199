import TwoTowerEvaluation
import TwoTowerTraining

/// A comparison for people: a row for each recipe, popularity and chance below, the best of each column in bold.
struct ComparisonTable {
  private struct Cell {
    var mean = "–"
    var deviation = ""
    var interval = ""
    var isBest = false
  }

  private let comparison: Comparison
  private let differences: DifferenceTable
  private let tuned: TunedTable
  private let titles: [String]
  private var rows: [(label: String, cells: [Cell])] = []

  /// - Parameter hasPopularity: whether a recipe is popularity itself, so that it needs no row beside the others.
  init(_ comparison: Comparison, hasPopularity: Bool) {
    self.comparison = comparison
    differences = DifferenceTable(comparison)
    tuned = TunedTable(comparison)
    let columns = comparison.columns
    titles = columns.map(\.title) + ["fit s", "all s", "MB"]
    let best = columns.map(comparison.best(by:))
    for (place, entry) in comparison.entries.enumerated() {
      var cells = columns.indices.map { column in
        Self.cell(entry.statistic(columns[column]), isBest: best[column].contains(place))
      }
      cells += [
        entry.statistic { $0.seconds?.fit }.map { formatted($0.mean, digits: 2) },
        entry.statistic { $0.seconds?.total }.map { formatted($0.mean, digits: 2) },
        entry.statistic { $0.peakMemoryBytes }.map { formatted($0.mean / 1e6, digits: 0) },
      ].map { Cell(mean: $0 ?? "–") }
      let isPart = entry.fits.count < comparison.seeds.count && !entry.isRun
      rows.append((entry.label + (isPart ? " (\(entry.fits.count) of \(comparison.seeds.count) seeds)" : ""), cells))
    }
    func addReference(_ label: String, _ value: (Comparison.Column) -> Double?) {
      let values = columns.map(value)
      guard values.contains(where: { $0 != nil }) else { return }
      rows.append((label, values.map { Cell(mean: share($0)) } + [Cell(), Cell(), Cell()]))
    }
    if !hasPopularity { addReference("popularity", comparison.popularity) }
    addReference("chance", comparison.chance)
    addReference("always the mean", comparison.alwaysTheMean)
  }

  private static func cell(_ statistic: SeedStatistic?, isBest: Bool) -> Cell {
    guard let statistic else { return Cell() }
    return Cell(
      mean: share(statistic.mean), deviation: statistic.deviation.map { " ±\(share($0))" } ?? "",
      interval: statistic.interval.map { "\(share($0.low))–\(share($0.high))" } ?? "", isBest: isBest)
  }

  /// The table for a terminal: means, and intervals below them.
  var lines: [String] {
    var table = TextTable([("", .left)] + titles.map { ($0, .right) }, shortening: [""])
    for (label, cells) in rows {
      table.add(
        [label] + cells.map { $0.mean + $0.deviation },
        bold: Set(cells.indices.filter { cells[$0].isBest }.map { $0 + 1 }))
      if cells.contains(where: { !$0.interval.isEmpty }) { table.add([""] + cells.map(\.interval)) }
    }
    return table.lines + [""] + notes + tuned.lines + differences.lines
  }

  /// The same in Markdown.
  var markdown: [String] {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
    let head = [line(["recipe"] + titles), "|---|" + titles.map { _ in "---:|" }.joined()]
    let body = rows.map { label, cells in
      line(
        [escaped(label)]
          + cells.map { cell in
            (cell.isBest ? "**\(cell.mean)**" : cell.mean) + cell.deviation
              + (cell.interval.isEmpty ? "" : "<br>\(cell.interval)")
          })
    }
    return head + body + [""] + notes + tuned.markdown + differences.markdown
  }

  private var notes: [String] {
    let seeds = comparison.seeds.map { "\($0)" }.joined(separator: ", ")
    var notes: [String] = []
    if comparison.seeds.count > 1 {
      notes.append(
        "Means of seeds \(seeds), ± their standard deviation; below, the mean of their 95 % intervals (bootstrap over users)."
      )
    } else if comparison.seeds.count == 1 {
      notes.append("Seed \(seeds); below each figure its 95 % interval (bootstrap over users).")
    }
    if comparison.entries.contains(where: \.isRun) {
      notes.append("Runs are measured as they are, each of one seed.")
    }
    notes.append(
      "fit s: features and training. all s: from files to a written run. MB: the most memory that the fit's process had."
    )
    if comparison.columns.contains(where: { $0.title.hasPrefix("plain ") }) {
      notes.append("plain: without the numbers of the pair.")
    }
    if comparison.columns.contains(where: { $0.title.hasPrefix("unseen ") }) {
      notes.append("unseen: of users held out whole, by what is given of them.")
    }
    if comparison.columns.contains(where: { $0.title.hasPrefix("reranked ") }) {
      notes.append("reranked: the lists of recommend --rerank.")
    }
    if comparison.columns.contains(where: comparison.hasSeveralLabels) {
      notes.append("Errors are on labels of different scales (the recipes' setting 'labels') and do not compare.")
    }
    return notes
  }
}
