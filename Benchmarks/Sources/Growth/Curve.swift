import Foundation

/// What a series measured.
struct Curve {
  let series: Series
  /// For each size, round by round.
  let seconds: [[Double]]

  var medians: [Double] { seconds.map(medianOf) }

  /// From each size to the next, the power of the size by which the cost grew: 1 is linear.
  var powers: [Double] {
    let medians = self.medians
    let sizes = series.sizes.map { Double($0) }
    return zip(sizes.indices, sizes.indices.dropFirst()).map { from, to -> Double in
      log(medians[to] / medians[from]) / log(sizes[to] / sizes[from])
    }
  }

  var markdownLines: [String] {
    let judged = series.sharesWork ? ["gain"] : ["cost per unit, relative", "power"]
    let header = [series.sizeName, series.costName, "least – greatest"] + judged
    var lines = [
      "### \(series.title)", "", series.setting, "", Self.line(header),
      Self.line([String](repeating: "---:", count: header.count)),
    ]
    let (medians, powers) = (self.medians, self.powers)
    for (index, size) in series.sizes.enumerated() {
      // Linear growth keeps the cost of one unit of size what it was at the first size.
      let relative: Double = (medians[index] / Double(size)) / (medians[0] / Double(series.sizes[0]))
      let power = index == 0 ? "" : String(format: "%.2f", powers[index - 1])
      let judgement = series.sharesWork
        ? [String(format: "%.2f ×", medians[0] / medians[index])] : [String(format: "%.3g", relative), power]
      lines.append(Self.line([groupedText(size), secondsText(medians[index]), spreadText(seconds[index])] + judgement))
    }
    return lines
  }

  private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}

/// A whole number with thousands set apart.
func groupedText(_ value: Int) -> String {
  var text = ""
  for (place, digit) in String(value).reversed().enumerated() {
    if place > 0 && place % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return String(text.reversed())
}
