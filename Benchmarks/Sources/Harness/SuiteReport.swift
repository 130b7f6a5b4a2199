import Foundation

/// What one suite measured.
struct SuiteReport: Codable {
  let name: String
  let summary: String
  let measurements: [Measurement]
  let remarks: [String]
  let peakBytes: Int

  private static let header = ["", "threads", "median", "least – greatest", "rate", "share", "gain by threads"]

  var textLines: [String] {
    let cells = [Self.header] + rows
    let widths = Self.header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    let lines = cells.map { row in
      row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }.joined(separator: "  ")
    }
    return ["\(name): \(summary)"] + lines + closing
  }

  var markdownLines: [String] {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let rule = "|---|" + String(repeating: "---:|", count: Self.header.count - 1)
    return ["### \(name)", "", summary, "", line(Self.header), rule] + rows.map(line) + [""] + closing
  }

  private var closing: [String] { remarks + ["Peak memory of the suite's process: \(peakBytes / 1_000_000) MB."] }

  private var rows: [[String]] {
    measurements.map { one in
      [
        one.name, "\(one.threads)", secondsText(one.median), spreadText(one.seconds), one.rateText, shareText(one),
        gainText(one),
      ]
    }
  }

  /// The rate as a share of the reference's, on the same threads.
  private func shareText(_ one: Measurement) -> String {
    guard let reference = one.reference else { return "" }
    let unit: WorkUnit = reference == .sgemm ? .operations : .bytes
    guard let base = measurements.first(where: { $0.reference == nil && $0.unit == unit && $0.threads == one.threads })
    else { return "" }
    return String(format: "%.2f of %@", one.rate / base.rate, reference.rawValue)
  }

  /// How many times faster than the same on one thread.
  private func gainText(_ one: Measurement) -> String {
    guard one.threads > 1, let single = measurements.first(where: { $0.name == one.name && $0.threads == 1 })
    else { return "" }
    return String(format: "%.2f ×", single.median / one.median)
  }
}
