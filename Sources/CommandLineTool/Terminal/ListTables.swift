import TwoTowerEvaluation
import TwoTowerTraining

extension RecommendationAssessment {
  /// The lists' figures, then the same by users and by items, for people.
  var sections: [[String]] { [lists, byActivity, byPopularity] }

  private var lists: [String] {
    let k = model.length
    let changed = reordering.changesNothing ? "filtered" : "reordered"
    let columns: [(String, ListMetrics?)] = [("model", model), (changed, reordered), ("popularity", popularity)]
      .filter { $0.1 != nil }
    var table = TextTable([("", .left)] + columns.map { ($0.0, .right) })
    // Those of each list stand in the retrieval table, unless lists were changed.
    for metric in RetrievalMetric.ofLists where reordered != nil || !metric.isOfEachList {
      table.add(["  " + metric.title(at: k)] + columns.map { formatted($0.1?[metric], as: metric.unit) })
    }
    var title = "Lists of \(k)"
    if let allowedItemCount { title += ", only \(grouped(allowedItemCount)) items" }
    if !reordering.changesNothing {
      title += ", reordered by popularity penalty \(reordering.popularityPenalty), diversity \(reordering.diversity)"
    }
    return [Terminal.bold(title)] + table.lines
  }

  private var byActivity: [String] {
    let k = model.length
    let metrics = [RetrievalMetric.recall, .ndcg, .precision]
    var table = TextTable(
      [("  training rows", .left), ("users", .right)] + metrics.map { ($0.title(at: k), .right) }
        + [("popularity's recall@\(k)", .right)])
    for (place, group) in activity.enumerated() {
      table.add(
        ["  \(shown(group.trainingRows))", grouped(group.userCount)]
          + metrics.map { formatted(group.metrics[$0], as: $0.unit) }
          + [share(place < popularityByActivity.count ? popularityByActivity[place].metrics.recall : nil)])
    }
    return [Terminal.bold("By how much users listen")] + table.lines
  }

  private var byPopularity: [String] {
    let k = model.length
    var table = TextTable([
      ("  training rows", .left), ("items", .right), ("test rows", .right), ("found in \(k)", .right),
      ("by popularity", .right), ("share of lists", .right),
    ])
    for (place, group) in itemPopularity.enumerated() {
      let popular = place < popularityByItemPopularity.count ? popularityByItemPopularity[place].hitRate : nil
      table.add([
        "  \(shown(group.trainingRows))", grouped(group.itemCount), grouped(group.testRowCount), share(group.hitRate),
        share(popular), share(group.shareOfRecommendations),
      ])
    }
    return [Terminal.bold("By how popular items are")] + table.lines
  }

  private func shown(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(grouped(range.lowerBound))–\(grouped(range.upperBound))"
  }
}

extension GenrePrecision {
  /// The figure for people.
  var section: [String] {
    var table = TextTable([("", .left), ("model", .right), ("like popularity", .right)])
    table.add(["  genre precision@\(neighborCount)", share(neighbors), share(random)])
    return [
      Terminal.bold("Neighbours of the \(grouped(queryCount)) most played items that share their leading genre")
    ] + table.lines
  }
}
