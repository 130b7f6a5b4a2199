import Evaluation
import Training

extension RecommendationAssessment {
  /// The lists' figures, then the same by users and by items, for people.
  var sections: [[String]] { [lists, byActivity, byPopularity] }

  private var lists: [String] {
    let k = model.length
    let changed = reordering.changesNothing ? "filtered" : "reordered"
    let columns: [(String, ListReport?)] = [("model", model), (changed, reordered), ("popularity", popularity)]
      .filter { $0.1 != nil }
    var table = TextTable([("", .left)] + columns.map { ($0.0, .right) })
    func add(_ name: String, _ value: (ListReport) -> String) {
      table.add(["  " + name] + columns.map { $0.1.map(value) ?? "–" })
    }
    if reordered != nil {
      add("recall@\(k)") { share($0.recall) }
      add("NDCG@\(k)") { share($0.ndcg) }
      add("precision@\(k)") { share($0.precision) }
    }
    add("coverage@\(k)") { share($0.coverage) }
    add("novelty (bits)") { formatted($0.novelty, digits: 2) }
    add("mean popularity (users)") { formatted($0.meanPopularity, digits: 1) }
    add("Gini of recommendations") { share($0.gini) }
    add("diversity within lists") { share($0.diversity) }
    var title = "Lists of \(k)"
    if let allowedItemCount { title += ", only \(grouped(allowedItemCount)) items" }
    if !reordering.changesNothing {
      title += ", reordered by popularity penalty \(reordering.popularityPenalty), diversity \(reordering.diversity)"
    }
    return [Terminal.bold(title)] + table.lines
  }

  private var byActivity: [String] {
    let k = model.length
    var table = TextTable([
      ("  training rows", .left), ("users", .right), ("recall@\(k)", .right), ("NDCG@\(k)", .right),
      ("precision@\(k)", .right), ("popularity's recall@\(k)", .right),
    ])
    for (place, group) in activity.enumerated() {
      table.add([
        "  \(shown(group.trainingRows))", grouped(group.userCount), share(group.recall), share(group.ndcg),
        share(group.precision),
        share(place < popularityByActivity.count ? popularityByActivity[place].recall : nil),
      ])
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
