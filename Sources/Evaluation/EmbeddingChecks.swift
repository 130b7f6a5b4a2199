import Autodiff

/// Throws when `embeddings` holds a value that is not finite, naming the tensor and the row.
///
/// - Precondition: `embeddings` is `[rows, dimension]`.
func requireFinite(_ embeddings: Tensor, named name: String) throws(EvaluationError) {
  precondition(embeddings.shape.rank == 2, "\(name): shape \(embeddings.shape) is not [rows, dimension]")
  let values = embeddings.buffer.span
  guard !areFinite(values) else { return }
  let dimension = embeddings.shape[1]
  for index in 0..<values.count where !values[index].isFinite {
    throw .nonFinite(tensor: name, row: index / dimension)
  }
}

/// Embeddings whose scores order the candidates by `counts`, for every one of `userCount` users: the popularity
/// baseline, measured by the very same function as a model.
public func popularityEmbeddings(counts: [Int], userCount: Int) -> (queries: Tensor, candidates: Tensor) {
  (
    queries: Tensor([userCount, 1], [Float](repeating: 1, count: userCount)),
    candidates: Tensor([counts.count, 1], counts.map(Float.init))
  )
}

/// Whether all `values` are finite.
func areFinite(_ values: Span<Float>) -> Bool {
  var violations: Int32 = 0
  for index in 0..<values.count { violations &+= values[index].magnitude <= .greatestFiniteMagnitude ? 0 : 1 }
  return violations == 0
}
