import TwoTowerKernels

/// People as recommenders take them: a row each.
package struct EncodedPeople: Sendable {
  /// What each has, ascending, with weights as given.
  package let history: SparseRows
  /// The same items with labels: the weights scaled by the label scaler, each person's by their own.
  package let labels: SparseRows
  /// What the query tower's inputs see of them, by feature name.
  package let features: [String: FeatureColumn]

  package var count: Int { history.rowCount }
}

/// Everything that was learnt from training rows besides weights.
///
/// Users of the data, users held out whole and people who are not in the data are all encoded by `encode(_:)`, here and
/// nowhere else.
package struct FeatureEncoder: Sendable, Equatable {
  package let labelScaler: LabelScaler
  /// The fitted features of users, in the order in which they were asked for.
  let features: [any UserFeature]

  init(labelScaler: LabelScaler, features: [any UserFeature]) {
    self.labelScaler = labelScaler
    self.features = features
  }

  /// An encoder without features: people are their histories and labels alone.
  package init(labelScaler: LabelScaler) { self.init(labelScaler: labelScaler, features: []) }

  /// The names of the features that people have.
  package var featureNames: [FeatureName] { features.map { type(of: $0).name } }

  package func encode(_ users: UserProfiles) -> EncodedPeople {
    let labels = labels(of: users.history)
    return EncodedPeople(
      history: users.history, labels: labels,
      features: Dictionary(
        uniqueKeysWithValues: features.map { (type(of: $0).name.rawValue, $0.encode(users, labels: labels)) }))
  }

  /// People known by what they have alone, a row each: items that ascend, with weights as in the interactions.
  package func encode(histories: SparseRows) -> EncodedPeople { encode(UserProfiles(histories: histories)) }

  private func labels(of histories: SparseRows) -> SparseRows {
    var labels: [Float] = []
    labels.reserveCapacity(histories.weights.count)
    for person in 0..<histories.rowCount {
      labels += labelScaler.labels(ofHistory: Array(histories.weights[histories.range(of: person)]))
    }
    return histories.withWeights(labels)
  }

  package static func == (left: FeatureEncoder, right: FeatureEncoder) -> Bool { left.tables == right.tables }
}

extension FeatureEncoder {
  /// What was learnt, as named arrays for a file; `init(tables:userCount:itemCount:)` reads them back, bit for bit.
  package var tables: FittedTables {
    var tables = FittedTables()
    tables.words["features"] = featureNames.map(\.rawValue).joined(separator: ",")
    tables.add(labelScaler.tables, under: "label-scaler")
    for feature in features { tables.add(feature.tables, under: type(of: feature).name.rawValue) }
    return tables
  }

  /// - Throws: `FeatureError.missingTable` or `.table`, naming the array that is missing or does not fit.
  package init(tables: FittedTables, userCount: Int, itemCount: Int) throws {
    let reader = FittedTablesReader(tables)
    let sizes = FittedSizes(users: userCount, items: itemCount)
    labelScaler = try LabelScaler(reading: reader.under("label-scaler"), sizes)
    features = try reader.choices("features", of: FeatureName.self).map { name in
      guard case .user(let type) = name.kind else {
        throw reader.unexpected("features", found: "'\(name.rawValue)'", expected: "features of users")
      }
      return try type.init(reading: reader.under(name.rawValue), sizes)
    }
  }
}

extension FeatureBuilder {
  /// What the features of users among `names` learn from the training rows.
  ///
  /// - Throws: `FeatureError.size` when what training rows see would not fit in memory.
  package func encoder(of names: [FeatureName]) throws -> FeatureEncoder {
    FeatureEncoder(
      labelScaler: labelScaler,
      features: try names.compactMap { name in
        guard case .user(let type) = name.kind else { return nil }
        return try type.init(fitting: self)
      })
  }

  /// The inputs that recipes call `names`, of all users or items of the data and of the training rows.
  ///
  /// - Parameter encoder: made of the same names.
  /// - Throws: `FeatureError.size` when what training rows see would not fit in memory.
  package func features(_ names: [FeatureName], encoder: FeatureEncoder) throws -> [Feature] {
    let columns = encoder.encode(userProfiles).features
    return try names.map { name in
      switch name.kind {
      case .item(let type): return try type.feature(self)
      case .user:
        guard let column = columns[name.rawValue], let place = encoder.featureNames.firstIndex(of: name) else {
          preconditionFailure("FeatureBuilder.features: the encoder was made without \(name.rawValue)")
        }
        return Feature(name, column, try encoder.features[place].trainingView(of: column, self))
      }
    }
  }

  /// The input that recipes call `name`.
  ///
  /// - Throws: `FeatureError.size` when what training rows see would not fit in memory.
  package func feature(named name: FeatureName) throws -> Feature {
    try features([name], encoder: encoder(of: [name]))[0]
  }

  /// Why an input has nothing to say on this data set, in a plain sentence; nil where it has.
  package func remark(on name: FeatureName) -> String? {
    switch name.kind {
    case .user(let type): type.remark(self)
    case .item(let type): type.remark(self)
    }
  }
}
