/// The loss of a matrix factorisation and its gradients, computed entry by entry in Double: what the kernels are
/// tested against.
///
/// Gravity is summed over all pairs, which only small matrices allow.
///
/// Mean of (⟨Uᵢ, Vⱼ⟩ − y)² over the entries + λᵣ (1/N Σ‖Uᵢ‖² + 1/M Σ‖Vⱼ‖²) + λ_g / (MN) Σᵢⱼ ⟨Uᵢ, Vⱼ⟩².
package func referenceFactorizationLoss(
  rows u: [[Double]], columns v: [[Double]], entries: [(row: Int, column: Int, value: Double)],
  regularization: Double, gravity: Double
) -> (loss: Double, rowGradient: [[Double]], columnGradient: [[Double]]) {
  func product(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
  var loss = 0.0
  var du = u.map { $0.map { _ in 0.0 } }
  var dv = v.map { $0.map { _ in 0.0 } }
  func add(_ factor: Double, _ i: Int, _ j: Int) {
    for d in u[i].indices {
      du[i][d] += factor * v[j][d]
      dv[j][d] += factor * u[i][d]
    }
  }
  let share = entries.isEmpty ? 0 : 1 / Double(entries.count)
  for (i, j, value) in entries {
    let error = product(u[i], v[j]) - value
    loss += share * error * error
    add(2 * share * error, i, j)
  }
  for (i, row) in u.enumerated() {
    loss += regularization / Double(u.count) * product(row, row)
    for d in row.indices { du[i][d] += 2 * regularization / Double(u.count) * row[d] }
  }
  for (j, column) in v.enumerated() {
    loss += regularization / Double(v.count) * product(column, column)
    for d in column.indices { dv[j][d] += 2 * regularization / Double(v.count) * column[d] }
  }
  let pairShare = 1 / Double(max(1, u.count * v.count))
  for i in u.indices {
    for j in v.indices {
      let score = product(u[i], v[j])
      loss += gravity * pairShare * score * score
      add(2 * gravity * pairShare * score, i, j)
    }
  }
  return (loss, du, dv)
}
