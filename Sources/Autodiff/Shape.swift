/// The extents of a dense tensor of rank 0 to 3, row-major.
public struct Shape: Hashable, Sendable, CustomStringConvertible, ExpressibleByArrayLiteral {
  public let dimensions: [Int]

  /// - Precondition: rank at most 3, no negative extent.
  public init(_ dimensions: [Int]) {
    precondition(dimensions.count <= 3, "Shape: rank \(dimensions.count) is above 3")
    precondition(dimensions.allSatisfy { $0 >= 0 }, "Shape: negative extent in \(dimensions)")
    self.dimensions = dimensions
  }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  public var rank: Int { dimensions.count }

  /// The number of elements; 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }

  public subscript(_ axis: Int) -> Int { dimensions[axis] }

  public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}
