import TwoTowerKernels

/// An input of a tower, of users or of items.
protocol TowerFeature: Sendable {
  /// What recipes call it.
  static var name: FeatureName { get }
  /// The name of the embedding table, which features over the same vocabulary can share; nil for numbers.
  static var vocabularyName: String? { get }
  /// Why the input has nothing to say on this data set, in a plain sentence; nil where it has.
  static func remark(_ builder: FeatureBuilder) -> String?
}

extension TowerFeature {
  static func remark(_ builder: FeatureBuilder) -> String? { nil }
}

/// What an input of the query tower has learnt from training rows: whoever asks is encoded by it.
protocol UserFeature: TowerFeature {
  /// Fits the feature on the training rows.
  ///
  /// - Throws: `FeatureError.size`.
  init(fitting builder: FeatureBuilder) throws

  /// The feature of users of the data and of anyone else.
  ///
  /// - Parameter labels: the users' histories, with labels as weights.
  func encode(_ users: UserProfiles, labels: SparseRows) -> FeatureColumn

  /// What training rows see, where that is not all that their users have.
  ///
  /// - Parameter entities: all users of the data, encoded.
  /// - Throws: `FeatureError.size`.
  func trainingView(of entities: FeatureColumn, _ builder: FeatureBuilder) throws -> TrainingView

  /// What was learnt, as named arrays.
  var tables: FittedTables { get }

  /// Reads back what was learnt.
  ///
  /// - Throws: `FeatureError.missingTable` or `.table`, naming the array that is missing or does not fit.
  init(reading reader: FittedTablesReader, _ sizes: FittedSizes) throws
}

/// An input of the candidate tower, made for the whole catalogue.
protocol ItemFeature: TowerFeature {
  /// - Throws: `FeatureError.size`.
  static func feature(_ builder: FeatureBuilder) throws -> Feature
}

/// What training rows see of a feature.
enum TrainingView {
  /// What their user or item has.
  case asEntity
  /// A column of their own, a row each.
  case rows(FeatureColumn)
  /// The bag of their user or item less these weights, a row each.
  case withheld(SparseRows)
}

extension Feature {
  init(_ name: FeatureName, _ entity: FeatureColumn, _ view: TrainingView = .asEntity) {
    switch view {
    case .asEntity: self.init(name: name.rawValue, entity: entity)
    case .rows(let rows): self.init(name: name.rawValue, entity: entity, perTrainingRow: rows)
    case .withheld(let part): self.init(name: name.rawValue, entity: entity, withheld: part)
    }
  }
}

/// How many users and items there are in the data that something was fitted on.
struct FittedSizes {
  var users, items: Int
}
