import Foundation

extension RetrievalSoftmax {
  /// The plain definition of `loss`: one row at a time, in Double. Explains the fast one and tests it.
  public func lossReference(
    queries: FloatBuffer, candidates: FloatBuffer, queryGradients: FloatBuffer? = nil,
    candidateGradients: FloatBuffer? = nil, gradientScale: Float = 1
  ) -> Double {
    checkCounts(queries, candidates, queryGradients, candidateGradients)
    let query = queries.array.map(Double.init)
    let candidate = candidates.array.map(Double.init)
    var queryGradient = [Double](repeating: 0, count: queries.count)
    var candidateGradient = [Double](repeating: 0, count: candidates.count)
    var loss = 0.0
    for row in 0..<queryCount {
      let positive = Int(positiveColumns[row])
      let logits = (0..<candidateCount).map { column in
        if isMasked(row: row, column: column) { return -Double.infinity }
        var dot = 0.0
        for k in 0..<dimension { dot += query[row * dimension + k] * candidate[column * dimension + k] }
        return Double(scale) * dot + (corrections.isEmpty ? 0 : Double(corrections[column]))
      }
      let greatest = logits.max() ?? 0
      let sum = logits.reduce(0) { $0 + exp($1 - greatest) }
      let weight = rowWeights.isEmpty ? 1 : Double(rowWeights[row])
      loss += weight * (greatest + log(sum) - logits[positive])
      for column in 0..<candidateCount {
        let probability = exp(logits[column] - greatest) / sum
        let gradient = weight * Double(scale) * Double(gradientScale) * (probability - (column == positive ? 1 : 0))
        for k in 0..<dimension {
          queryGradient[row * dimension + k] += gradient * candidate[column * dimension + k]
          candidateGradient[column * dimension + k] += gradient * query[row * dimension + k]
        }
      }
    }
    add(queryGradient, to: queryGradients)
    add(candidateGradient, to: candidateGradients)
    return loss
  }

  private func isMasked(row: Int, column: Int) -> Bool {
    let positive = Int(positiveColumns[row])
    guard column != positive, !candidateIdentifiers.isEmpty, candidateIdentifiers[column] >= 0 else { return false }
    let identifier = candidateIdentifiers[column]
    if masksAccidentalHits && identifier == candidateIdentifiers[positive] { return true }
    guard let history else { return false }
    let list = Int(history.listOfQuery[row])
    return history.identifiers[history.offsets[list]..<history.offsets[list + 1]].contains(identifier)
  }

  private func add(_ gradient: [Double], to buffer: FloatBuffer?) {
    guard let buffer else { return }
    var span = buffer.mutableSpan
    for i in 0..<gradient.count { span[i] += Float(gradient[i]) }
  }
}
