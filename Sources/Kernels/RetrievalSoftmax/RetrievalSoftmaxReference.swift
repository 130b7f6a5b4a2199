import Foundation

extension RetrievalSoftmax {
  /// The plain definition of `loss`: one row at a time, in Double.
  ///
  /// Explains the fast one and tests it.
  package func lossReference(
    queries: FloatBuffer, candidates: FloatBuffer, queryGradients: FloatBuffer? = nil,
    candidateGradients: FloatBuffer? = nil, gradientScale: Float = 1
  ) -> Double {
    checkCounts(queries, candidates, queryGradients, candidateGradients)
    let query = queries.array.map(Double.init)
    var candidate = candidates.array.map(Double.init)
    let inverseNorms = normalizesCandidates ? normalize(&candidate) : []
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
    if normalizesCandidates {
      for row in 0..<candidateCount {
        let columns = row * dimension..<(row + 1) * dimension
        let along = columns.reduce(0) { $0 + candidateGradient[$1] * candidate[$1] }
        for i in columns { candidateGradient[i] = inverseNorms[row] * (candidateGradient[i] - along * candidate[i]) }
      }
    }
    add(candidateGradient, to: candidateGradients)
    return loss
  }

  /// Divides each candidate by its norm and returns what they were multiplied with.
  private func normalize(_ candidates: inout [Double]) -> [Double] {
    (0..<candidateCount).map { row in
      let columns = row * dimension..<(row + 1) * dimension
      let norm = columns.reduce(0) { $0 + candidates[$1] * candidates[$1] }.squareRoot()
      let inverse = norm <= Double(smallestNorm) ? 0 : 1 / norm
      for i in columns { candidates[i] *= inverse }
      return inverse
    }
  }

  private func isMasked(row: Int, column: Int) -> Bool {
    let positive = Int(positiveColumns[row])
    guard column != positive, !candidateIdentifiers.isEmpty, candidateIdentifiers[column] >= 0 else { return false }
    let identifier = candidateIdentifiers[column]
    if masksAccidentalHits && identifier == candidateIdentifiers[positive] { return true }
    guard let history else { return false }
    let list = Int(history.listOfQuery[row])
    return history.identifiers[list].contains(identifier)
  }

  private func add(_ gradient: [Double], to buffer: FloatBuffer?) {
    guard let buffer else { return }
    var span = buffer.mutableSpan
    for i in 0..<gradient.count { span[i] += Float(gradient[i]) }
  }
}
