import Testing
import TwoTowerKernels
import TwoTowerRecommenders

@Test func moreEntriesThanCanBeNumberedAreRefusedWithTheirNumber() throws {
  try BaselineError.checkEntries(IndexLists.maximumCount, advice: "")
  let error = try #require(throws: BaselineError.self) {
    try BaselineError.checkEntries(1 << 31, advice: "lower neighbors")
  }
  let text = error.description
  #expect(text.contains("2147483648 entries") && text.contains("lower neighbors"))
}
