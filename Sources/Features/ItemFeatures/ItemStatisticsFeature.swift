/// Counts and statistics of the item's training rows, standardised over what training rows see.
enum ItemStatisticsFeature: ItemFeature {
  static let name = FeatureName.itemStatistics
  static let vocabularyName: String? = nil

  static func feature(_ builder: FeatureBuilder) -> Feature {
    let table = builder.itemStatistics(StatisticsInputs(builder))
    let standardiser = Standardiser(fitting: table.perTrainingRow, width: table.width)
    func column(_ rawValues: [Float]) -> FeatureColumn {
      var values = rawValues
      standardiser.apply(to: &values)
      return .dense(values, width: table.width)
    }
    return Feature(name, column(table.perEntity), .rows(column(table.perTrainingRow)))
  }
}

extension FeatureBuilder {
  /// The item's statistics, of raw scale.
  package func itemStatistics(_ inputs: StatisticsInputs) -> StatisticsTable {
    let itemCount = dataset.items.count
    let parts = statisticsParts(keys: trainingRowItems, groupCount: itemCount)
    let tagging = ItemTagging(self, parts: parts)

    let statistics = settings.itemStatistics
    var table = StatisticsTable(
      width: statistics.count, perEntity: [],
      perTrainingRow: Array(repeating: 0, count: split.train.count * statistics.count))
    for item in 0..<itemCount {
      let (total, outside) = parts.sums(of: item, values: inputs.rows)
      let (constants, ownTags) = tagging.constants(of: item, total: total, partCount: outside.count)
      for statistic in statistics {
        table.perEntity.append(Float(statistic.value(total, constants, inputs.priors)))
      }
      for position in parts.rows.range(of: item) {
        let row = Int(parts.rows.order[position])
        let part = Int(parts.part[row])
        var seen = constants
        seen.distinctTags -= ownTags[part]
        for (column, statistic) in statistics.enumerated() {
          table.perTrainingRow[row * table.width + column] =
            Float(statistic.value(outside[part], seen, inputs.priors))
        }
      }
    }
    return table
  }
}
