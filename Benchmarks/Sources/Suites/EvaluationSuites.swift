import TwoTowerAutodiff
import TwoTowerEvaluation
import TwoTowerKernels
import TwoTowerRecommenders

extension Suite {
  static let evaluation = Suite(
    name: "evaluation", summary: "Exact evaluation of a retrieval model: all metrics, both protocols, intervals."
  ) { session in
    let (userCount, itemCount, dimension) = (1_892, session.scale(17_632, quick: 2_000), 32)
    let trainCount = session.scale(62_000, quick: 6_000)
    let testCount = session.scale(30_000, quick: 3_000)
    let truth = RetrievalTruth(
      userCount: userCount, candidateCount: itemCount,
      trainingUsers: popularItems(trainCount, of: userCount, seed: 20),
      trainingItems: popularItems(trainCount, of: itemCount, seed: 21),
      testUsers: popularItems(testCount, of: userCount, seed: 22),
      testItems: popularItems(testCount, of: itemCount, seed: 23))
    let queries = Tensor(shape: [userCount, dimension], buffer: randomBuffer(userCount * dimension, seed: 24))
    let candidates = Tensor(shape: [itemCount, dimension], buffer: randomBuffer(itemCount * dimension, seed: 25))
    try session.measure(
      session.threadCounts.map { threads in
        Case(
          name: "\(testCount) test rows, \(itemCount) artists, d \(dimension)", threads: threads,
          work: Double(testCount), unit: .rows
        ) {
          _ = try evaluateRetrieval(queries: queries, candidates: candidates, truth: truth, seed: 1)
        }
      })
  }

  static let topK = Suite(name: "top-k", summary: "The 100 best of all candidates, exactly.") { session in
    func retrieval(_ itemCount: Int, _ dimension: Int) throws -> BruteForceRetrieval {
      try BruteForceRetrieval(
        candidates: Tensor(shape: [itemCount, dimension], buffer: randomBuffer(itemCount * dimension, seed: 26)))
    }
    let (queryCount, itemCount) = (session.scale(1_024, quick: 128), session.scale(17_632, quick: 2_000))
    let largeCount = session.scale(1_000_000, quick: 20_000)
    let (many, large) = (try retrieval(itemCount, 32), try retrieval(largeCount, 64))
    let queries = Tensor(shape: [queryCount, 32], buffer: randomBuffer(queryCount * 32, seed: 27))
    let query = Tensor(shape: [64], buffer: randomBuffer(64, seed: 28))
    try session.measure(
      session.threadCounts.flatMap { threads in
        [
          Case(
            name: "\(queryCount) queries, \(itemCount) artists, d 32", threads: threads,
            work: 2 * Double(queryCount * itemCount * 32), unit: .operations, reference: .sgemm
          ) { _ = try many.top(100, queries: queries) },
          Case(
            name: "one query, \(largeCount) artists, d 64", threads: threads, work: Double(4 * largeCount * 64),
            unit: .bytes, reference: .bandwidth
          ) { _ = try large.top(100, query: query) },
        ]
      })
  }
}
