import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerTraining

/// How a fit prints what its run is worth.
enum PrintedFigures {
  /// Ten lines.
  case summary
  /// Every table of `evaluate`.
  case all
  /// One object with every figure.
  case json
}

extension TrainingRun {
  /// Trains to the end, shows how it goes, and prints what the run is worth.
  ///
  /// - Parameters:
  ///   - evaluatedUsers: evaluates so many users, drawn at random; nil for all with test rows.
  ///   - figures: how the figures are printed.
  ///   - userFigures: where those of each user are written.
  /// - Throws: `Interrupted` after a signal, with the run saved where it can be; `TrainingError`.
  mutating func finishAloud(evaluatedUsers: Int?, figures: PrintedFigures, userFigures: UserFiguresOption? = nil) throws
  {
    let progress = FitProgress()
    let assessment: Assessment
    let heldOutCount = data.test.count + data.hidden.count
    do {
      assessment = try train(
        evaluatedUsers: evaluatedUsers, stopSignal: { Interrupts.pending }, report: progress.show
      ) {
        progress.clear()
        if heldOutCount > 0 { Terminal.say("evaluating on \(grouped(heldOutCount)) test rows") }
      }
    } catch TrainingError.interrupted(let signal) {
      progress.clear()
      Terminal.say("saved: go on with twotower fit --resume \(folder)")
      throw Interrupted(signal: signal)
    } catch TrainingError.interruptedBaseline(let signal) {
      progress.clear()
      Terminal.say("nothing is written: a baseline is fitted in one go; run the same command again")
      throw Interrupted(signal: signal)
    } catch {
      progress.clear()
      throw error
    }
    if let signal = Interrupts.pending {
      Terminal.say("the run was complete and is written to \(folder)")
      throw Interrupted(signal: signal)
    }
    assessment.newUsers.map(sayNewUsers)
    try userFigures?.write(assessment, identifiers: data.userIdentifiers)
    switch figures {
    case .json:
      var json = assessment.json.adding("seconds", seconds.json)
      if let bytes = peakMemoryBytes() { json = json.adding("peak_memory_bytes", .integer(bytes)) }
      Terminal.print(json.text())
    case .all: for line in EvaluationTable(assessment).lines { Terminal.print(line) }
    case .summary: for line in EvaluationSummary(assessment).lines { Terminal.print(line) }
    }
    sayWarnings(of: assessment)
    let parts = seconds.parts.map { "\($0.name) \(formatted($0.seconds, digits: 2))" }.joined(separator: ", ")
    Terminal.say("run written to \(folder) in \(formatted(seconds.total, digits: 2)) s: \(parts)")
    if figures == .summary && heldOutCount > 0 { Terminal.say("every figure: twotower evaluate \(folder)") }
  }
}
