extension Recipe {
  /// The recipe of a measured run for all of its rows: nothing is held out, and phases are as long as validation rows
  /// found best.
  ///
  /// - Parameter epochs: for each phase that was judged by validation rows. The two models of a ranking task, with one
  ///   setting for both, train for the mean of theirs.
  package func onAllRows(epochs: [Phase: Int]) -> Recipe {
    var recipe = self
    recipe.data.holdout = 0
    recipe.data.holdoutUsers = 0
    recipe.validation.share = 0
    if let found = epochs[.retrieval] ?? epochs[.joint] { recipe.retrieval?.training.epochs = found }
    let ranking = [Phase.ranking, .rankingWithPairs].compactMap { epochs[$0] }
    if !ranking.isEmpty {
      recipe.ranking?.training.epochs = (ranking.reduce(0, +) + ranking.count / 2) / ranking.count
    }
    if let found = epochs[.matrixFactorization] { recipe.matrixFactorization?.training.epochs = found }
    return recipe
  }
}

/// The epoch whose parameters each phase kept: the first with the best validation, by a run's history.
///
/// Phases that were not judged by validation rows are absent.
package func bestEpochs(history: String) -> [Phase: Int] {
  var best: [Phase: (epoch: Int, validation: Double)] = [:]
  for line in history.split(separator: "\n").dropFirst() {
    let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard cells.count > 3, let phase = Phase(rawValue: String(cells[0])), let epoch = Int(cells[1]),
      let validation = Double(cells[3])
    else { continue }
    if best[phase].map({ validation > $0.validation }) ?? true { best[phase] = (epoch, validation) }
  }
  return best.mapValues(\.epoch)
}
