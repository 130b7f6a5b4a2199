import Foundation

/// How far a long task is: one line redrawn on a terminal, a plain line now and then elsewhere.
package final class ProgressBar {
  private let now: () -> Date
  private let output: Output
  private let started: Date
  private var lastDrawn = Date.distantPast
  private var isDrawn = false

  /// Where a bar is shown.
  package struct Output {
    var isTerminal: Bool
    /// Columns.
    var width: () -> Int
    /// Writes text as it is.
    var write: (String) -> Void

    package init(isTerminal: Bool, width: @escaping () -> Int, write: @escaping (String) -> Void) {
      self.isTerminal = isTerminal
      self.width = width
      self.write = write
    }

    static var standardError: Output {
      Output(isTerminal: Terminal.errorIsTerminal, width: { Terminal.width }, write: Terminal.sayInPlace)
    }
  }

  convenience init() { self.init(on: .standardError, now: { Date() }) }

  package init(on output: Output, now: @escaping () -> Date) {
    self.output = output
    self.now = now
    started = now()
  }

  /// Shows `fraction` (0...1) of the task, at most some times a second.
  ///
  /// - Parameters:
  ///   - title: what is being done.
  ///   - detail: numbers beside the bar, such as loss and rows per second.
  package func update(_ title: String, fraction: Double, detail: String) {
    let now = now()
    let interval = output.isTerminal ? 0.1 : 10
    guard now.timeIntervalSince(isDrawn || !output.isTerminal ? max(lastDrawn, started) : lastDrawn) >= interval
    else { return }
    lastDrawn = now
    let elapsed = now.timeIntervalSince(started)
    let remaining = fraction > 0 ? elapsed / fraction - elapsed : 0
    let text = "\(title)  \(detail)  ETA \(Self.clock(remaining))"
    guard output.isTerminal else {
      output.write("\(Int(fraction * 100)) %  \(text)\n")
      return
    }
    let barWidth = max(0, min(30, output.width() - text.count - 4))
    let filled = Int(Double(barWidth) * min(1, max(0, fraction)))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled)
    draw("\(bar) \(text)")
  }

  /// Shows `line` in the bar's place on a terminal, and nothing elsewhere.
  func show(_ line: String) {
    let now = now()
    guard output.isTerminal, now.timeIntervalSince(lastDrawn) >= 0.1 else { return }
    lastDrawn = now
    draw(line)
  }

  private func draw(_ line: String) {
    output.write("\r\u{1B}[2K" + line.prefix(max(20, output.width() - 1)))
    isDrawn = true
  }

  /// Takes the line away, so that another can be written.
  package func clear() {
    if isDrawn { output.write("\r\u{1B}[2K") }
    isDrawn = false
  }

  static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 3600
      ? String(format: "%d:%02d", whole / 60, whole % 60)
      : String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
  }
}
