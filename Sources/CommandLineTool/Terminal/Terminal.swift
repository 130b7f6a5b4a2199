import Foundation
import TwoTowerFiles

/// Where the tool speaks: results on standard output, everything else on standard error.
enum Terminal {
  static let errorIsTerminal = isatty(2) == 1
  static let outputIsTerminal = isatty(1) == 1

  private static let allowsColor =
    (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// A line on standard error.
  static func say(_ line: String) { write(line + "\n", to: 2) }

  /// A line on standard output.
  static func print(_ line: String = "") { write(line + "\n", to: 1) }

  /// A line on standard output, cut to the terminal's width.
  static func printShortened(_ line: String) { print(line.shortened(to: outputWidth)) }

  /// Text on standard error, without a line's end.
  static func sayInPlace(_ text: String) { write(text, to: 2) }

  /// `text` in bold where standard output is a terminal that may be coloured.
  static func bold(_ text: String) -> String { outputIsTerminal && allowsColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  /// The error line's lead, red where standard error is a terminal that may be coloured.
  static var errorLead: String { errorIsTerminal && allowsColor ? "\u{1B}[31merror:\u{1B}[0m" : "error:" }

  /// The width in columns of the terminal of standard error; 80 where it does not say.
  static var width: Int { width(of: 2) }

  /// The width in columns of the terminal of standard output; 80 where there is none or it does not say.
  static var outputWidth: Int { width(of: 1) }

  private static func width(of descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes all of `text`.
  ///
  /// A reader that has gone away (`| head`) ends the tool quietly; a full disk is an error.
  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = ArraySlice(Array(text.utf8))
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        bytes = bytes.dropFirst(written)
      } else if errno != EINTR {
        if descriptor == 2 { return }
        if errno == EPIPE { exit(0) }
        say("twotower: \(errorLead) standard output cannot be written: \(systemErrorText())")
        exit(ExitStatus.cannotWrite.rawValue)
      }
    }
  }
}
