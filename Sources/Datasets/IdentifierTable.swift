/// Identifiers as strings, exactly as in the files, numbered from 0 in order of appearance.
public struct IdentifierTable: Sendable {
  public private(set) var identifiers: [String] = []
  private var indices: [String: Int32] = [:]

  public init() {}

  /// - Precondition: no identifier appears twice.
  public init(_ identifiers: [String]) {
    for identifier in identifiers {
      let count = self.count
      precondition(Int(insert(identifier)) == count, "IdentifierTable: \(identifier) appears twice")
    }
  }

  public var count: Int { identifiers.count }

  public subscript(index: Int32) -> String { identifiers[Int(index)] }

  /// The number of `identifier`, or nil when it is unknown.
  public func index(of identifier: String) -> Int32? { indices[identifier] }

  /// The number of `identifier`, which is added when it is new.
  @discardableResult
  public mutating func insert(_ identifier: String) -> Int32 {
    if let known = indices[identifier] { return known }
    let index = Int32(identifiers.count)
    indices[identifier] = index
    identifiers.append(identifier)
    return index
  }
}
