/// The extents of a dense tensor of rank 0 to 3, row-major.
package struct Shape: Hashable, Sendable, CustomStringConvertible, ExpressibleByArrayLiteral {
  package let dimensions: [Int]

  /// - Precondition: rank at most 3, no negative extent.
  package init(_ dimensions: [Int]) {
    precondition(dimensions.count <= 3, "Shape: rank \(dimensions.count) is above 3")
    precondition(dimensions.allSatisfy { $0 >= 0 }, "Shape: negative extent in \(dimensions)")
    self.dimensions = dimensions
  }

  package init(arrayLiteral elements: Int...) { self.init(elements) }

  package var rank: Int { dimensions.count }

  /// The number of elements; 1 for a scalar.
  package var count: Int { dimensions.reduce(1, *) }

  package subscript(_ axis: Int) -> Int { dimensions[axis] }

  package var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}
