extension RowReader {
  /// The weight in `column`: a finite decimal number, 0 or more.
  func weight(_ column: Int, name: String) throws(DatasetError) -> Float {
    let bytes = self[column]
    if let value = decimalNumber(bytes), value >= 0 {
      let weight = Float(value)
      if weight.isFinite { return weight }
    }
    throw badField(column, name: name, expected: "a number from 0 to 3.4e38")
  }

  /// The whole number in `column`.
  func wholeNumber(_ column: Int, name: String) throws(DatasetError) -> Int64 {
    if let value = TwoTowerDatasets.wholeNumber(self[column]) { return value }
    throw badField(column, name: name, expected: "a whole number")
  }

  /// The identifier in `column`, which must not be empty.
  func identifier(_ column: Int, name: String) throws(DatasetError) -> UnsafeRawBufferPointer {
    let bytes = self[column]
    if bytes.isEmpty { throw badField(column, name: name, expected: "an identifier") }
    return bytes
  }

  func badField(_ column: Int, name: String, expected: String) -> DatasetError {
    .badField(
      path: path, line: line, column: name, found: String(decoding: self[column], as: UTF8.self), expected: expected)
  }
}

/// A whole number with an optional sign; nil for anything else and where it does not fit in 64 bits.
func wholeNumber(_ field: UnsafeRawBufferPointer) -> Int64? {
  let bytes = trimmed(field)
  var position = 0
  var isNegative = false
  if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
    isNegative = first == UInt8(ascii: "-")
    position = 1
  }
  guard position < bytes.count else { return nil }
  var value: Int64 = 0
  while position < bytes.count {
    let digit = bytes[position] &- UInt8(ascii: "0")
    guard digit < 10 else { return nil }
    let (product, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = product.subtractingReportingOverflow(Int64(digit))
    if overflow || carry { return nil }
    value = sum
    position &+= 1
  }
  if isNegative { return value }
  return value == .min ? nil : -value
}

/// A decimal number, with fraction and exponent or without; nil for anything else (NaN, infinity, hexadecimal).
///
/// Up to 15 digits and no exponent are converted directly: both the digits and the power of ten are exact doubles, so
/// one division rounds correctly. The rest goes through the standard library.
func decimalNumber(_ field: UnsafeRawBufferPointer) -> Double? {
  let bytes = trimmed(field)
  var mantissa: Int64 = 0
  var digits = 0
  var fractionDigits = -1
  for byte in bytes {
    let digit = byte &- UInt8(ascii: "0")
    if digit < 10 {
      digits &+= 1
      if digits > 15 { return standardNumber(bytes) }
      mantissa = mantissa &* 10 &+ Int64(digit)
      if fractionDigits >= 0 { fractionDigits &+= 1 }
    } else if byte == UInt8(ascii: ".") && fractionDigits < 0 {
      fractionDigits = 0
    } else {
      return standardNumber(bytes)
    }
  }
  guard digits > 0 else { return nil }
  return fractionDigits > 0 ? Double(mantissa) / powersOfTen[fractionDigits] : Double(mantissa)
}

private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
]

private func standardNumber(_ bytes: UnsafeRawBufferPointer) -> Double? {
  let isDecimal = bytes.allSatisfy { byte in
    byte &- UInt8(ascii: "0") < 10 || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+")].contains(byte)
      || byte | 0x20 == UInt8(ascii: "e")
  }
  return isDecimal && bytes.count < 400 ? Double(String(decoding: bytes, as: UTF8.self)) : nil
}

private func trimmed(_ field: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
  var range = 0..<field.count
  while let first = range.first, field[first] == UInt8(ascii: " ") { range = (first + 1)..<range.upperBound }
  while let last = range.last, field[last] == UInt8(ascii: " ") { range = range.lowerBound..<last }
  return UnsafeRawBufferPointer(rebasing: field[range])
}
