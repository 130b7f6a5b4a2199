import Evaluation
import Training
import TwoTower

/// An assessment for people: every figure that `--json` has, with popularity and chance beside it.
struct FigureTable {
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
    if sections.isEmpty { return ["nothing to evaluate: the run has no test rows"] }
    if let drawn = assessment.drawnUsers {
      sections.append([
        "Figures of \(grouped(drawn.evaluated)) users drawn at random from the \(grouped(drawn.all)) with test rows."
      ])
    }
    return Array(sections.joined(separator: [""]))
  }

  private func section(
    _ title: String, _ report: RetrievalReport, popularity: RetrievalReport?,
    group: ShareGroup
  ) -> [String] {
    let model = report.figures[keyPath: group.numbers]
    let interval = report.intervals[keyPath: group.intervals]
    let popular = popularity?.figures[keyPath: group.numbers] ?? RetrievalFigures()
    let chance = report.chance[keyPath: group.numbers]
    var table = TextTable([
      ("", .left), ("model", .right), ("95 % interval", .right), ("popularity", .right), ("chance", .right),
    ])
    func add(
      _ name: String, _ value: Double?, _ interval: ConfidenceInterval?, _ popular: Double?, _ chance: Double?
    ) {
      guard let value else { return }
      let bounds = interval.map { "\(share($0.low))–\(share($0.high))" } ?? "–"
      table.add(["  " + name, share(value), bounds, share(popular), share(chance)])
    }
    for k in model.topKCategoricalAccuracy.keys.sorted() {
      add(
        "top-\(k)", model.topKCategoricalAccuracy[k], interval.topKCategoricalAccuracy[k],
        popular.topKCategoricalAccuracy[k], chance.topKCategoricalAccuracy[k])
    }
    add("MRR", model.mrr, interval.mrr, popular.mrr, chance.mrr)
    for k in model.recall.keys.sorted() {
      add("recall@\(k)", model.recall[k], interval.recall[k], popular.recall[k], chance.recall[k])
      add("NDCG@\(k)", model.ndcg[k], interval.ndcg[k], popular.ndcg[k], chance.ndcg[k])
      add("precision@\(k)", model.precision[k], interval.precision[k], popular.precision[k], chance.precision[k])
      add("coverage@\(k)", model.coverage[k], interval.coverage[k], popular.coverage[k], chance.coverage[k])
    }
    return [Terminal.bold(title)] + table.lines
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
      func bounds(_ interval: ConfidenceInterval?) -> String {
        interval.map { "\(share($0.low))–\(share($0.high))" } ?? "–"
      }
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

/// One of the groups of test rows, as a path to its numbers and one to their intervals.
struct ShareGroup {
  let numbers: KeyPath<RetrievalGroups<Double>, RetrievalFigures<Double>>
  let intervals: KeyPath<RetrievalGroups<ConfidenceInterval>, RetrievalFigures<ConfidenceInterval>>

  static var seenIncluded: ShareGroup { ShareGroup(numbers: \.seenIncluded, intervals: \.seenIncluded) }
  static var seenExcluded: ShareGroup { ShareGroup(numbers: \.seenExcluded, intervals: \.seenExcluded) }
  static var warm: ShareGroup { ShareGroup(numbers: \.warm, intervals: \.warm) }
  static var cold: ShareGroup { ShareGroup(numbers: \.cold, intervals: \.cold) }
}
