import TwoTowerAutodiff
import TwoTowerKernels

/// Throws when `embeddings` holds a value that is not finite, naming the tensor and the row.
///
/// - Precondition: `embeddings` is `[rows, dimension]`.
package func requireFinite(_ embeddings: Tensor, named name: String) throws(ScoringError) {
  precondition(embeddings.shape.rank == 2, "\(name): shape \(embeddings.shape) is not [rows, dimension]")
  if let index = firstNonFinite(embeddings.buffer.span) {
    throw .nonFinite(tensor: name, row: index / embeddings.shape[1])
  }
}

extension RetrievalVectors {
  /// Throws when a vector has a value that is not finite, naming the tensor and the row.
  package func checkFinite() throws(ScoringError) {
    try requireFinite(queries, named: "query_embeddings")
    try requireFinite(candidates, named: "candidate_embeddings")
  }
}

/// Embeddings whose scores order the candidates by `counts`, for every one of `userCount` users: the popularity
/// baseline, measured by the very same function as a model.
package func popularityEmbeddings(counts: [Int], userCount: Int) -> (queries: Tensor, candidates: Tensor) {
  (
    queries: Tensor([userCount, 1], [Float](repeating: 1, count: userCount)),
    candidates: Tensor([counts.count, 1], counts.map(Float.init))
  )
}
