import TwoTowerEvaluation

/// What an assessment comes to, in ten lines at most.
struct EvaluationSummary {
  private let assessment: Assessment

  init(_ assessment: Assessment) { self.assessment = assessment }

  var lines: [String] {
    var lines = retrieval + otherTasks
    if lines.isEmpty { return [EvaluationTable.nothingMeasured] }
    if let drawn = assessment.drawnUsers {
      lines.append("  of \(grouped(drawn.evaluated)) users, drawn at random from \(grouped(drawn.all)) with test rows")
    }
    return lines
  }

  private var retrieval: [String] {
    guard let report = assessment.retrieval else { return [] }
    var table = TextTable([
      ("", .left), ("model", .right), ("95 % interval", .right), ("popularity", .right), ("chance", .right),
    ])
    func add(_ name: MetricAtCutoff?, of group: RetrievalGroup, called prefix: String = "") {
      guard let name, let value = report.metrics[group][name] else { return }
      table.add([
        "  \(prefix)\(name.title)", share(value), bounds(report.intervals[group][name]),
        share(assessment.popularity?.metrics[group][name]), share(report.chance[group][name]),
      ])
    }
    func name(_ metric: RetrievalMetric) -> MetricAtCutoff? {
      report.seenExcluded.names.last { $0.metric == metric }
    }
    add(name(.recall), of: .seenExcluded)
    add(name(.ndcg), of: .seenExcluded)
    add(name(.topKCategoricalAccuracy), of: .seenExcluded)
    add(name(.topKCategoricalAccuracy), of: .cold, called: "cold items' ")
    add(name(.coverage), of: .seenExcluded)
    let title =
      "Retrieval of \(grouped(report.rowCount)) test rows of \(grouped(report.userCount)) users, "
      + "seen items left out"
    return [Terminal.bold(title)] + table.lines
  }

  /// A line for each task but retrieval of known users.
  private var otherTasks: [String] {
    var lines: [String] = []
    if let reranked = assessment.reranked?.seenExcluded {
      let names = reranked.names.filter { [.recall, .ndcg].contains($0.metric) }
      let figures = names.map { "\($0.title) \(share(reranked[$0]))" }.joined(separator: ", ")
      if !figures.isEmpty { lines.append("Reranked (recommend --rerank): \(figures)") }
    }
    if let unseen = assessment.unseenUsers,
      let name = unseen.model.seenExcluded.names.last(where: {
        $0.metric == .recall || $0.metric == .meanReciprocalRank
      })
    {
      lines.append(
        "Unseen users: \(name.title) \(share(unseen.model.seenExcluded[name])) "
          + "(popularity \(share(unseen.popularity.seenExcluded[name])), "
          + "chance \(share(unseen.model.chance.seenExcluded[name])))")
    }
    if let ranking = assessment.rankingWithPairs ?? assessment.ranking {
      lines.append(
        "Ranking: RMSE \(share(ranking.rmse)) (always the mean \(share(ranking.constantRMSE))), "
          + "pairwise \(share(ranking.pairwiseAccuracy)) (chance .5000)")
    }
    if let error = assessment.factorization?.testError {
      lines.append("Matrix factorisation: mean squared error of test rows \(share(error))")
    }
    return lines
  }
}
