import Evaluation
import Training

/// The figures of users held out whole, with what else could be done for them beside the model's.
func unseenUsersSection(_ report: UnseenUsersReport) -> [String] {
  var table = TextTable([
    ("", .left), ("model", .right), ("95 % interval", .right), ("popularity", .right), ("iALS fold-in", .right),
    ("chance", .right),
  ])
  let columns = [report.model, report.popularity, report.implicitALS].map(\.seenExcluded)
    + [report.model.chance.seenExcluded]
  let intervals = report.model.intervals.seenExcluded
  func add(_ name: String, _ value: (RetrievalFigures<Double>) -> Double?, _ interval: ConfidenceInterval?) {
    guard value(columns[0]) != nil else { return }
    let bounds = interval.map { "\(share($0.low))–\(share($0.high))" } ?? "–"
    table.add(["  " + name, share(value(columns[0])), bounds] + columns.dropFirst().map { share(value($0)) })
  }
  for k in columns[0].topKCategoricalAccuracy.keys.sorted() {
    add("top-\(k)", { $0.topKCategoricalAccuracy[k] }, intervals.topKCategoricalAccuracy[k])
  }
  add("MRR", { $0.mrr }, intervals.mrr)
  for k in columns[0].recall.keys.sorted() {
    add("recall@\(k)", { $0.recall[k] }, intervals.recall[k])
    add("NDCG@\(k)", { $0.ndcg[k] }, intervals.ndcg[k])
    add("precision@\(k)", { $0.precision[k] }, intervals.precision[k])
    add("coverage@\(k)", { $0.coverage[k] }, intervals.coverage[k])
  }
  let title = "Unseen users: \(grouped(report.model.userCount)) held out whole, \(grouped(report.givenRowCount)) rows "
    + "given, \(grouped(report.model.rowCount)) to be found"
  return [Terminal.bold(title)] + table.lines
}
