import Foundation
import Testing
import TwoTowerCommandLineTool

/// The progress bar by a clock of its own.
struct ProgressBarTests {
  /// A bar, its clock and what it wrote.
  private final class Shown {
    var seconds = 0.0
    var writes: [String] = []
    private(set) var bar: ProgressBar!

    init(isTerminal: Bool, width: Int = 100) {
      bar = ProgressBar(
        on: .init(isTerminal: isTerminal, width: { width }) { [unowned self] in writes.append($0) },
        now: { [unowned self] in Date(timeIntervalSinceReferenceDate: seconds) })
    }

    func update(at seconds: Double, fraction: Double) {
      self.seconds = seconds
      bar.update("epoch 1/4", fraction: fraction, detail: "loss 2")
    }
  }

  @Test func aTerminalSeesWhatIsDoneAndWhatIsLeft() {
    let shown = Shown(isTerminal: true)
    shown.update(at: 10, fraction: 0.25)
    #expect(
      shown.writes == [
        "\r\u{1B}[2K" + String(repeating: "█", count: 7) + String(repeating: "░", count: 23)
          + " epoch 1/4  loss 2  ETA 0:30"
      ])
    shown.update(at: 40, fraction: 0.01)
    #expect(shown.writes.last?.hasSuffix("ETA 1:06:00") == true)
    shown.bar.clear()
    shown.bar.clear()
    #expect(shown.writes.count == 3 && shown.writes[2] == "\r\u{1B}[2K")
  }

  @Test func itIsDrawnSomeTimesASecondAtMost() {
    let shown = Shown(isTerminal: true)
    for tick in 0...40 { shown.update(at: Double(tick) / 32, fraction: 0.5) }
    // At once, and then at every fourth tick of 31 ms.
    #expect(shown.writes.count == 11)
  }

  @Test(arguments: [30, 60]) func noLineIsLongerThanTheTerminal(width: Int) {
    let shown = Shown(isTerminal: true, width: width)
    shown.update(at: 1, fraction: 0.5)
    #expect(shown.writes[0].dropFirst("\r\u{1B}[2K".count).count < width)
  }

  @Test func elsewhereALineIsWrittenEveryTenSeconds() {
    let shown = Shown(isTerminal: false)
    for second in 0...25 { shown.update(at: Double(second), fraction: Double(second) / 40) }
    #expect(shown.writes == ["25 %  epoch 1/4  loss 2  ETA 0:30\n", "50 %  epoch 1/4  loss 2  ETA 0:20\n"])
    shown.bar.clear()
    #expect(shown.writes.count == 2, "there is nothing to take away")
  }
}
