import TwoTowerEvaluation

/// Every number of a JSON document by its dotted path, such as `retrieval.seen_excluded.recall.20`.
package struct ReportNumbers: Sendable, Equatable {
  private var values: [String: Double] = [:]
  private var intervals: [String: ConfidenceInterval] = [:]

  init() {}

  package internal(set) subscript(path: String) -> Double? {
    get { values[path] }
    set { values[path] = newValue }
  }

  /// The 95 % interval of the number at `path`.
  package func interval(_ path: String) -> ConfidenceInterval? { intervals[path] }

  package var paths: [String] { Array(values.keys) }
}

extension ReportNumbers: Decodable {
  /// What is of interest in a document; strings and other arrays are not.
  private indirect enum Value: Decodable {
    case object([String: Value])
    case number(Double)
    case interval(ConfidenceInterval)
    case other

    init(from decoder: any Decoder) throws {
      if let members = try? [String: Value](from: decoder) {
        self = .object(members)
      } else if let number = try? Double(from: decoder) {
        self = .number(number)
      } else if let interval = try? ConfidenceInterval(from: decoder) {
        self = .interval(interval)
      } else {
        self = .other
      }
    }
  }

  package init(from decoder: any Decoder) throws {
    self.init()
    collect(try Value(from: decoder), path: [], isInterval: false)
  }

  /// An object `intervals` has, as `[low, high]`, what stands beside it as numbers.
  private mutating func collect(_ value: Value, path: [String], isInterval: Bool) {
    switch value {
    case .object(let members):
      for (key, member) in members {
        let isHead = key == "intervals"
        collect(member, path: isHead ? path : path + [key], isInterval: isInterval || isHead)
      }
    case .number(let number): if !isInterval { values[path.joined(separator: ".")] = number }
    case .interval(let interval): if isInterval { intervals[path.joined(separator: ".")] = interval }
    case .other: break
    }
  }
}
