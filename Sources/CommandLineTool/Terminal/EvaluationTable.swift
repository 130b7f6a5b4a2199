import TwoTowerEvaluation
import TwoTowerRecommenders
import TwoTowerTraining

/// An assessment for people: every number that `--json` has, with popularity and chance beside it.
struct EvaluationTable {
  /// What stands for figures where no row is held out.
  static let nothingMeasured = "Nothing is measured: no row is held out, all were trained on."

  private let assessment: Assessment

  init(_ assessment: Assessment) { self.assessment = assessment }

  var lines: [String] {
    var sections: [[String]] = []
    if let figures = assessment.factorization { sections.append(section(figures)) }
    if let retrieval = assessment.retrieval {
      sections.append(
        section(
          "Retrieval, seen excluded (\(grouped(retrieval.rowCount)) test rows of \(grouped(retrieval.userCount)) users)",
          retrieval, popularity: assessment.popularity, group: .seenExcluded))
      sections.append(
        section("Retrieval, seen included", retrieval, popularity: assessment.popularity, group: .seenIncluded))
      if let reranked = assessment.reranked { sections.append(section(reranked, beside: retrieval)) }
      if !retrieval.warm.isEmpty {
        sections.append(
          section(
            "Warm targets, seen excluded (\(grouped(retrieval.warmRowCount)) rows)", retrieval,
            popularity: assessment.popularity, group: .warm))
      }
      if !retrieval.cold.isEmpty {
        sections.append(
          section(
            "Cold targets: items without a training row (\(grouped(retrieval.coldRowCount)) rows)", retrieval,
            popularity: assessment.popularity, group: .cold))
      }
    }
    sections += assessment.recommendations?.sections ?? []
    if let genres = assessment.genrePrecision { sections.append(genres.section) }
    if let report = assessment.unseenUsers { sections.append(unseenUsersSection(report)) }
    if let ranking = rankingSection { sections.append(ranking) }
    if sections.isEmpty { return [Self.nothingMeasured] }
    if let drawn = assessment.drawnUsers {
      sections.append([
        "Figures of \(grouped(drawn.evaluated)) users drawn at random from the \(grouped(drawn.all)) with test rows."
      ])
    }
    return Array(sections.joined(separator: [""]))
  }

  private func section(
    _ title: String, _ report: RetrievalReport, popularity: RetrievalReport?, group: RetrievalGroup
  ) -> [String] {
    let columns = [("popularity", popularity?.metrics[group]), ("chance", report.chance[group])]
    return [Terminal.bold(title)]
      + metricTable(report.metrics[group], intervals: report.intervals[group], beside: columns).lines
  }

  private func section(_ reranked: RetrievalReport, beside retrieval: RetrievalReport) -> [String] {
    [Terminal.bold("Reranked (recommend --rerank), seen excluded")]
      + metricTable(
        reranked.seenExcluded, titled: "reranked", intervals: reranked.intervals.seenExcluded,
        beside: [("as retrieved", retrieval.seenExcluded)]
      ).lines
  }

  private func section(_ figures: FactorizationFigures) -> [String] {
    var table = TextTable([("", .left), ("value", .right)])
    table.add(["  mean squared error, training rows", share(figures.trainError)])
    if let error = figures.testError { table.add(["  mean squared error, test rows", share(error)]) }
    table.add(["  regularisation loss", share(figures.regularizationLoss)])
    table.add(["  gravity loss", share(figures.gravityLoss)])
    return [Terminal.bold("Matrix factorisation")] + table.lines
  }

  private var rankingSection: [String]? {
    guard let plain = assessment.ranking ?? assessment.rankingWithPairs else { return nil }
    var table = TextTable([
      ("", .left), ("RMSE", .right), ("95 % interval", .right), ("pairwise", .right), ("95 % interval", .right),
    ])
    func add(_ name: String, _ report: RankingReport?) {
      guard let report else { return }
      table.add([
        "  " + name, share(report.rmse), bounds(report.rmseInterval), share(report.pairwiseAccuracy),
        bounds(report.pairwiseAccuracyInterval),
      ])
    }
    add("with pair features", assessment.rankingWithPairs)
    add("without pair features", assessment.ranking)
    table.add(["  always the mean", share(plain.constantRMSE), "–", ".5000", "–"])
    return [Terminal.bold("Ranking")] + table.lines
  }
}

/// Says what an assessment warns of.
func sayWarnings(of assessment: Assessment) {
  for warning in assessment.warnings { Terminal.say("warning: \(warning.message)") }
}

/// A row for each metric that `model` has: its value and interval, and what stands beside it.
func metricTable(
  _ model: RetrievalMetrics<Double>, titled title: String = "model", intervals: RetrievalMetrics<ConfidenceInterval>,
  beside columns: [(title: String, metrics: RetrievalMetrics<Double>?)]
) -> TextTable {
  var table = TextTable(
    [("", .left), (title, .right), ("95 % interval", .right)] + columns.map { ($0.title, .right) })
  for name in model.names {
    table.add(
      ["  " + name.title, share(model[name]), bounds(intervals[name])] + columns.map { share($0.metrics?[name]) })
  }
  return table
}
