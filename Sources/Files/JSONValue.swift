/// A JSON document whose objects keep the order of their keys, so that "5" stands before "10".
package indirect enum JSONValue: Sendable, Equatable {
  case object([(key: String, value: JSONValue)])
  case array([JSONValue])
  case string(String)
  case number(Double)
  case integer(Int)
  case boolean(Bool)
  case null

  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    left.text(indent: nil) == right.text(indent: nil)
  }

  /// The value of a key of an object; nil where there is none.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// An object with one member more, at its end.
  ///
  /// - Precondition: this is an object.
  package func adding(_ key: String, _ value: JSONValue) -> JSONValue {
    guard case .object(let members) = self else { preconditionFailure("JSONValue.adding: not an object") }
    return .object(members + [(key: key, value: value)])
  }

  /// The document as text.
  ///
  /// - Parameter indent: spaces per level on lines of their own; nil for one line.
  /// - Precondition: every number is finite.
  package func text(indent: Int? = 2) -> String {
    var output = ""
    write(to: &output, indent: indent, level: 0)
    return output
  }

  private func write(to output: inout String, indent: Int?, level: Int) {
    switch self {
    case .object(let members):
      Self.writeList(members, "{", "}", to: &output, indent: indent, level: level) { member, output in
        Self.write(string: member.key, to: &output)
        output += indent == nil ? ":" : ": "
        member.value.write(to: &output, indent: indent, level: level + 1)
      }
    case .array(let elements):
      Self.writeList(elements, "[", "]", to: &output, indent: indent, level: level) { element, output in
        element.write(to: &output, indent: indent, level: level + 1)
      }
    case .string(let string): Self.write(string: string, to: &output)
    case .number(let number):
      precondition(number.isFinite, "JSONValue: \(number) has no form in JSON")
      output += "\(number)"
    case .integer(let integer): output += "\(integer)"
    case .boolean(let boolean): output += boolean ? "true" : "false"
    case .null: output += "null"
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], _ open: String, _ close: String, to output: inout String, indent: Int?, level: Int,
    _ write: (Element, inout String) -> Void
  ) {
    func newLine(_ level: Int) { if let indent { output += "\n" + String(repeating: " ", count: indent * level) } }
    output += open
    for (position, element) in elements.enumerated() {
      if position > 0 { output += "," }
      newLine(level + 1)
      write(element, &output)
    }
    if !elements.isEmpty { newLine(level) }
    output += close
  }

  private static func write(string: String, to output: inout String) {
    output += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}

/// What a figure is written as.
package protocol JSONConvertible {
  var json: JSONValue { get }
}

extension Double: JSONConvertible {
  package var json: JSONValue { .number(self) }
}
