import Testing
import TwoTowerAutodiff
import TwoTowerRecommenders

struct NeighborsTests {
  /// Row 1 points almost as row 0 does, row 2 is long, row 3 points the other way, row 4 is nothing.
  private let rows = Tensor([5, 2], [1, 0, 0.9, 0.1, 3, 3, -1, 0, 0, 0])

  @Test func cosineAndDotProductOrderDifferently() throws {
    let cosine = try Neighbors(of: rows, named: "rows", measure: .cosine).nearest(3, to: 0)
    #expect(cosine.map(\.index) == [1, 2, 4])
    #expect(abs(cosine[1].score - Float(0.5).squareRoot()) < 1e-6)
    let dot = try Neighbors(of: rows, named: "rows", measure: .dot).nearest(3, to: 0)
    #expect(dot.map(\.index) == [2, 1, 4])
    #expect(dot[0].score == 3)
  }

  @Test func theRowItselfIsLeftOut() throws {
    let neighbors = try Neighbors(of: rows, named: "rows", measure: .cosine)
    #expect(try neighbors.nearest(10, to: 2).count == 4)
    #expect(try neighbors.nearest(2, toEach: [0, 3]).map { $0.map(\.index) } == [[1, 2], [4, 2]])
    #expect(try Neighbors(of: Tensor([1, 2], [1, 2]), named: "rows", measure: .dot).nearest(3, to: 0).isEmpty)
  }

  @Test func aVectorFromElsewhereIsComparedWithAll() throws {
    let found = try Neighbors(of: rows, named: "rows", measure: .cosine).nearest(1, to: Tensor([2], [7, 7]))
    #expect(found.map(\.index) == [2])
    #expect(abs(found[0].score - 1) < 1e-6)
  }

  @Test func whatIsNotFiniteIsNamed() {
    #expect(throws: ScoringError.nonFinite(tensor: "rows", row: 1)) {
      try Neighbors(of: Tensor([2, 1], [1, .nan]), named: "rows", measure: .cosine)
    }
  }
}
