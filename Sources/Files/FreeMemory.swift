import Foundation

/// The bytes of memory that may be taken without swapping: what Linux calls available, within the limit of the control
/// group; nil where the system does not say.
package func freeMemory() -> Int? {
  func number(_ text: Substring?) -> Int? { text.flatMap { Int($0.filter(\.isNumber)) } }
  func contents(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
  let line = contents("/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
  guard let available = number(line).map({ $0 * 1024 }) else { return nil }
  // "max" where the group has no limit.
  guard let limit = contents("/sys/fs/cgroup/memory.max").flatMap({ number($0[...]) }),
    let used = contents("/sys/fs/cgroup/memory.current").flatMap({ number($0[...]) })
  else { return available }
  return min(available, max(0, limit - used))
}

/// Bytes in words, such as `3.6 GB`.
package func gigabytes(_ bytes: Int) -> String {
  let tenths = (bytes + 50_000_000) / 100_000_000
  return "\(tenths / 10).\(tenths % 10) GB"
}
