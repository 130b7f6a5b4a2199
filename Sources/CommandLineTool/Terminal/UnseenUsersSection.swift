import TwoTowerEvaluation
import TwoTowerTraining

/// The metrics of users held out whole, with what else could be done for them beside the model's.
func unseenUsersSection(_ report: UnseenUsersReport) -> [String] {
  let table = metricTable(
    report.model.seenExcluded, intervals: report.model.intervals.seenExcluded,
    beside: [
      ("popularity", report.popularity.seenExcluded), ("iALS fold-in", report.implicitALS.seenExcluded),
      ("chance", report.model.chance.seenExcluded),
    ])
  let title =
    "Unseen users: \(grouped(report.model.userCount)) held out whole, \(grouped(report.givenRowCount)) rows "
    + "given, \(grouped(report.model.rowCount)) to be found"
  return [Terminal.bold(title)] + table.lines
}
