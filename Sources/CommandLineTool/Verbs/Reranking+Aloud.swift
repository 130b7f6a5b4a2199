import TwoTowerDatasets
import TwoTowerRecommenders
import TwoTowerTraining

/// How a run is to rerank, learnt aloud; nil where it has nothing to rerank.
///
/// - Throws: `Interrupted` after a signal: nothing is written by then.
func findRerankerAloud(_ dataset: Dataset, _ split: Split, recipe: Recipe) throws -> Reranker? {
  guard recipe.canRerank, recipe.validation.share == 0 else { return nil }
  Terminal.say(
    "reranking: learning how much retrieval and ranking count on \(heldOutTenth(of: split, dataset, seed: recipe.seed)), "
      + "from a fit on the others")
  let bar = ProgressBar()
  do {
    let found = try findReranker(
      dataset, split: split, recipe: recipe, stopSignal: { Interrupts.pending },
      report: { event in
        if case .step(let phase, let epoch, let epochs, let done, let rows, let loss) = event {
          bar.update(
            "reranking: \(phase.rawValue), epoch \(epoch)/\(epochs)",
            fraction: (Double(epoch - 1) + Double(done) / Double(rows)) / Double(epochs),
            detail: "loss \(formatted(loss, digits: 4))")
        }
      })
    bar.clear()
    guard let found else { return nil }
    Terminal.say(FitProgress.line(of: found))
    return found.reranker
  } catch {
    bar.clear()
    switch error {
    case TrainingError.interrupted(let signal), TrainingError.interruptedBaseline(let signal):
      Terminal.say("nothing is written yet: run the same command again")
      throw Interrupted(signal: signal)
    default: throw error
    }
  }
}
