import Foundation
import TwoTowerCOpenBLAS
import TwoTowerKernels

/// What the figures were measured on.
enum Machine {
  static var description: [String] {
    let date = Date.now.formatted(.iso8601.year().month().day())
    let variables = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"].compactMap { name in
      ProcessInfo.processInfo.environment[name].map { "\(name)=\($0)" }
    }
    return [
      "date: \(date)", "processor: \(processor)",
      "threads: \(Parallelism.threadCount) of \(ProcessInfo.processInfo.activeProcessorCount) processors",
      "OpenBLAS kernels: \(String(cString: openblas_get_corename())); our widest loops: \(VectorMath.best.name)",
    ] + (variables.isEmpty ? [] : ["set in the environment, and slowing OpenBLAS down: " + variables.joined(separator: " ")])
  }

  private static var processor: String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
    return model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
  }

  /// The most memory that this process has held so far, in bytes.
  static var peakBytes: Int {
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }
}
