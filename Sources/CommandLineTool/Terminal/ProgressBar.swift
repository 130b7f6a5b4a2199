import Foundation

/// How far a long task is: one line redrawn on a terminal, a plain line now and then elsewhere.
final class ProgressBar {
  private let started = Date()
  private var lastDrawn = Date.distantPast
  private var isDrawn = false

  /// Shows `fraction` (0...1) of the task, at most some times a second.
  ///
  /// - Parameters:
  ///   - title: what is being done.
  ///   - detail: numbers beside the bar, such as loss and rows per second.
  func update(_ title: String, fraction: Double, detail: String) {
    let now = Date()
    let interval = Terminal.errorIsTerminal ? 0.1 : 10
    guard now.timeIntervalSince(isDrawn || !Terminal.errorIsTerminal ? max(lastDrawn, started) : lastDrawn) >= interval
    else { return }
    lastDrawn = now
    let elapsed = now.timeIntervalSince(started)
    let remaining = fraction > 0 ? elapsed / fraction - elapsed : 0
    let text = "\(title)  \(detail)  ETA \(Self.clock(remaining))"
    guard Terminal.errorIsTerminal else {
      Terminal.say("\(Int(fraction * 100)) %  \(text)")
      return
    }
    let barWidth = max(0, min(30, Terminal.width - text.count - 4))
    let filled = Int(Double(barWidth) * min(1, max(0, fraction)))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled)
    Terminal.sayInPlace("\r\u{1B}[2K" + "\(bar) \(text)".prefix(max(20, Terminal.width - 1)))
    isDrawn = true
  }

  /// Shows `line` in the bar's place on a terminal, and nothing elsewhere.
  func show(_ line: String) {
    let now = Date()
    guard Terminal.errorIsTerminal, now.timeIntervalSince(lastDrawn) >= 0.1 else { return }
    lastDrawn = now
    Terminal.sayInPlace("\r\u{1B}[2K" + line.prefix(max(20, Terminal.width - 1)))
    isDrawn = true
  }

  /// Takes the line away, so that another can be written.
  func clear() {
    if isDrawn { Terminal.sayInPlace("\r\u{1B}[2K") }
    isDrawn = false
  }

  static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 3600
      ? String(format: "%d:%02d", whole / 60, whole % 60)
      : String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
  }
}
