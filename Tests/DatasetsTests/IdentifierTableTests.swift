import Testing
import TwoTowerDatasets
import TwoTowerKernels

@Suite struct IdentifierTableTests {
  @Test(arguments: 0..<20)
  func agreesWithADictionary(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample, stream: 79)
    var table = IdentifierTable()
    var indices: [[UInt8]: Int32] = [:]
    var order: [String] = []
    for _ in 0..<3_000 {
      let number = generator.below([10, 1_000, 1_000_000, 1 << 40][generator.below(4)])
      let identifier = ["\(number)", "0\(number)", "user-\(number)", "\(number % 7)é", "a very long name \(number)"][
        generator.below(5)]
      #expect(table.index(of: identifier) == indices[Array(identifier.utf8)])
      let index = table.insert(identifier)
      if let known = indices[Array(identifier.utf8)] {
        #expect(index == known)
      } else {
        #expect(Int(index) == order.count)
        indices[Array(identifier.utf8)] = index
        order.append(identifier)
      }
    }
    #expect(table.identifiers == order)
    #expect(table.count == order.count)
    for (index, identifier) in order.enumerated() { #expect(table.index(of: identifier) == Int32(index)) }
  }

  @Test func identifiersAreTheirBytes() {
    let identifiers = ["1", "01", "1 ", "+1", "", "a", "A", "é", "e\u{301}", "a\0", "a\0\0", "0", "00"]
    let table = IdentifierTable(identifiers)
    #expect(table.count == identifiers.count)
    for (index, identifier) in identifiers.enumerated() {
      #expect(table.index(of: identifier) == Int32(index))
      #expect(Array(table[Int32(index)].utf8) == Array(identifier.utf8))
    }
    #expect(table.index(of: "2") == nil)
    #expect(table.index(of: "000") == nil)
    #expect(IdentifierTable().index(of: "1") == nil)
  }

  @Test func copiesAreIndependent() {
    let first = IdentifierTable(["1", "2"])
    var second = first
    second.insert("3")
    #expect(first.index(of: "3") == nil)
    #expect(second.index(of: "3") == 2)
  }
}
