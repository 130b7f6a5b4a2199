import Foundation

/// A curve on logarithmic axes, with the slope of linear growth beside it, as SVG.
struct LineChart {
  private let curve: Curve
  private let x: LogarithmicAxis
  private let y: LogarithmicAxis
  /// Of the plot within the picture of 640 × 400.
  private let frame = (left: 80.0, right: 616.0, top: 48.0, bottom: 340.0)

  init(_ curve: Curve) {
    self.curve = curve
    x = LogarithmicAxis(marking: curve.series.sizes.map { Double($0) })
    y = LogarithmicAxis(around: curve.seconds.flatMap { $0 })
  }

  var svg: String {
    let (left, right, top, bottom) = frame
    let series = curve.series
    var body: [String] = [
      text(series.title, at: ((left + right) / 2, 26), anchor: "middle", size: 16),
      text(series.sizeName, at: ((left + right) / 2, 384), anchor: "middle"),
      "<g transform=\"translate(18 \((top + bottom) / 2)) rotate(-90)\">"
        + text(series.costName, at: (0, 0), anchor: "middle") + "</g>",
    ]
    for tick in x.ticks {
      let at = horizontal(tick)
      body.append(line((at, top), (at, bottom), "#ddd", width: 1))
      body.append(text(label(tick), at: (at, bottom + 18), anchor: "middle"))
    }
    for tick in y.ticks {
      let at = vertical(tick)
      body.append(line((left, at), (right, at), "#ddd", width: 1))
      body.append(text(label(tick), at: (left - 8, at + 4), anchor: "end"))
    }
    body.append(linearGrowth)
    let points = zip(series.sizes, curve.medians).map { (horizontal(Double($0)), vertical($1)) }
    body.append(
      "<polyline fill=\"none\" stroke=\"#1565c0\" stroke-width=\"2\" points=\""
        + points.map { "\(rounded($0.0)),\(rounded($0.1))" }.joined(separator: " ") + "\"/>")
    for (index, point) in points.enumerated() {
      let (least, greatest) = (curve.seconds[index].min() ?? 0, curve.seconds[index].max() ?? 0)
      body.append(line((point.0, vertical(least)), (point.0, vertical(greatest)), "#1565c0", width: 1))
      body.append("<circle cx=\"\(rounded(point.0))\" cy=\"\(rounded(point.1))\" r=\"4\" fill=\"#1565c0\"/>")
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" width="640" height="400" font-family="sans-serif">
      <rect width="640" height="400" fill="white"/>
      \(body.joined(separator: "\n"))
      </svg>

      """
  }

  /// A dashed line through the last point along which cost grows as the size does; falls as 1 / threads for threads.
  private var linearGrowth: String {
    guard let size = curve.series.sizes.last, let cost = curve.medians.last else { return "" }
    let slope = curve.series.sizeName == "threads" ? -1.0 : 1.0
    let ends = [x.low, x.high].map { end in (end, cost * pow(end / Double(size), slope)) }
    let name = slope > 0 ? "linear" : "1 / threads"
    return "<clipPath id=\"plot\"><rect x=\"\(frame.left)\" y=\"\(frame.top)\" width=\"\(frame.right - frame.left)\" "
      + "height=\"\(frame.bottom - frame.top)\"/></clipPath><g clip-path=\"url(#plot)\" stroke-dasharray=\"5 4\">"
      + line((horizontal(ends[0].0), vertical(ends[0].1)), (horizontal(ends[1].0), vertical(ends[1].1)), "#999", width: 1.5)
      + "</g>" + text("dashed: \(name)", at: (frame.right, frame.top - 6), anchor: "end", size: 11)
  }

  private func horizontal(_ value: Double) -> Double { frame.left + x.share(value) * (frame.right - frame.left) }
  private func vertical(_ value: Double) -> Double { frame.bottom - y.share(value) * (frame.bottom - frame.top) }

  private func line(_ from: (Double, Double), _ to: (Double, Double), _ color: String, width: Double) -> String {
    "<line x1=\"\(rounded(from.0))\" y1=\"\(rounded(from.1))\" x2=\"\(rounded(to.0))\" y2=\"\(rounded(to.1))\" "
      + "stroke=\"\(color)\" stroke-width=\"\(width)\"/>"
  }

  private func text(_ string: String, at point: (Double, Double), anchor: String, size: Int = 12) -> String {
    "<text x=\"\(rounded(point.0))\" y=\"\(rounded(point.1))\" text-anchor=\"\(anchor)\" font-size=\"\(size)\" "
      + "fill=\"#222\">\(string)</text>"
  }

  private func rounded(_ value: Double) -> String { String(format: "%.1f", value) }

  private func label(_ value: Double) -> String {
    value >= 1 ? groupedText(Int(value.rounded())) : String(format: "%.6g", value)
  }
}

private struct LogarithmicAxis {
  let low: Double
  let high: Double
  let ticks: [Double]

  /// With a tick at each value, and a little room at both ends.
  init(marking values: [Double]) {
    let (least, greatest) = (values.min() ?? 1, values.max() ?? 1)
    let room = greatest > least ? pow(greatest / least, 0.04) : 2
    low = least / room
    high = greatest * room
    ticks = values
  }

  /// From a round number below all values to one above; ticks at powers of ten, with 2 and 5 between where they are few.
  init(around values: [Double]) {
    let (least, greatest) = (values.min() ?? 1, values.max() ?? 1)
    let decades = Int(floor(log10(least)))...Int(ceil(log10(greatest)))
    let factors = greatest / least < 1_000 ? [1.0, 2, 5] : [1.0]
    let candidates = decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
    let below = candidates.last { $0 <= least * (1 + 1e-9) } ?? least
    let above = candidates.first { $0 >= greatest * (1 - 1e-9) } ?? greatest
    low = below
    high = above > below ? above : below * 10
    ticks = candidates.filter { $0 >= below && $0 <= above }
  }

  /// 0 at the low end, 1 at the high end.
  func share(_ value: Double) -> Double { log(value / low) / log(high / low) }
}
