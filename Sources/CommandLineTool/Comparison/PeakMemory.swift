import Foundation

/// The largest amount of memory that this process has had in use since its program was loaded, in bytes; nil where the
/// system does not say.
///
/// `getrusage` would not do: on Linux it counts what the parent had in use when it started this process.
func peakMemoryBytes() -> Int? {
  guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
  for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
    let fields = line.split(whereSeparator: \.isWhitespace)
    if fields.count == 3, fields[2] == "kB", let kibibytes = Int(fields[1]) { return kibibytes * 1024 }
  }
  return nil
}
