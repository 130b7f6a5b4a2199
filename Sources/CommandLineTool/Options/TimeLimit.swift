import ArgumentParser

/// A time as people type it: `90s`, `10m`, `1h` or `1h30m`.
package struct TimeLimit: ExpressibleByArgument, CustomStringConvertible {
  package let seconds: Double

  package init(seconds: Double) { self.seconds = seconds }

  package init?(argument: String) {
    var (rest, seconds) = (Substring(argument.lowercased()), 0.0)
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(digits.count)
      guard let number = Double(digits), let unit = rest.popFirst(),
        let size = ["s": 1.0, "m": 60, "h": 3600][unit]
      else { return nil }
      seconds += number * size
    }
    guard seconds > 0, seconds < 1e7 else { return nil }
    self.seconds = seconds
  }

  package var description: String { seconds < 120 ? "\(Int(seconds)) s" : "\(Int((seconds / 60).rounded())) min" }
}
