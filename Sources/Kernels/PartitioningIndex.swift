extension RandomAccessCollection {
  /// The first position whose element belongs to the second part; `endIndex` where none does.
  ///
  /// - Precondition: the elements that belong to the second part come last.
  /// - Complexity: one call per halving (a binary search).
  @inlinable
  package func partitioningIndex(where belongsInSecondPart: (Element) throws -> Bool) rethrows -> Index {
    var low = startIndex
    var length = count
    while length > 0 {
      let half = length / 2
      let middle = index(low, offsetBy: half)
      if try belongsInSecondPart(self[middle]) {
        length = half
      } else {
        low = index(after: middle)
        length -= half + 1
      }
    }
    return low
  }
}
