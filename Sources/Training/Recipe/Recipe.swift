import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerNeuralNetwork
import TwoTowerRecommenders

/// Everything that decides what a run does, apart from the data: one YAML file in `Models/`, one value here.
package struct Recipe: Sendable, Codable, Equatable {
  /// What the run is called.
  package var name = "unnamed"
  /// One seed for every random draw of the run.
  package var seed: UInt64 = 1
  /// Columns and rules for tables other than HetRec folders.
  package var data = DataSettings()
  /// How weights become the labels of the ranking task.
  package var labels = LabelScaling.perUserL2
  package var features = FeatureSettings()
  package var validation = ValidationSettings()
  /// Whether two tasks are trained one after the other or together.
  package var tasks = TaskOrderSettings()
  package var retrieval: TaskSettings<RetrievalSettings>?
  package var matrixFactorization: TaskSettings<MatrixFactorizationSettings>?
  /// A retrieval model that is fitted without gradient descent.
  package var baseline: BaselineSettings?
  package var ranking: TaskSettings<RankingSettings>?
  /// Values worth trying; nil where the recipe names none.
  package var tune: TuningRanges?

  enum CodingKeys: String, CodingKey {
    case name, seed, data, labels, features, validation, tasks, retrieval, baseline, ranking, tune
    case matrixFactorization = "matrix-factorization"
  }

  package init() {}
}

/// A task's model and how it is trained.
package struct TaskSettings<Model: Sendable & Codable & Equatable>: Sendable, Codable, Equatable {
  package var model: Model
  package var training = TrainingSettings()

  package init(model: Model, training: TrainingSettings = TrainingSettings()) {
    self.model = model
    self.training = training
  }

  // In a recipe the model's settings stand directly in the task's section, beside `training`.
  private enum CodingKeys: String, CodingKey { case training }

  package init(from decoder: any Decoder) throws {
    model = try Model(from: decoder)
    training = try decoder.container(keyedBy: CodingKeys.self).decode(TrainingSettings.self, forKey: .training)
  }

  package func encode(to encoder: any Encoder) throws {
    try model.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(training, forKey: .training)
  }
}

/// Columns of an interaction table, for data that is not a HetRec folder.
package struct DataSettings: Sendable, Codable, Equatable {
  package var userColumn = "userID"
  package var itemColumn = "artistID"
  /// Empty: `weight` when the table has such a column, else every row weighs 1.
  package var weightColumn = ""
  /// Empty: rows have no time.
  package var timestampColumn = ""
  /// Empty: items are called by their identifiers.
  package var itemNameColumn = ""
  /// What to do with a (user, item) pair that appears twice.
  package var duplicates = DuplicateRule.refuse
  /// Rows that weigh less are left out, of training and of what is measured.
  package var minimumWeight: Float = 0
  /// Share of rows held out for testing when no file of rows is given; 0 trains on all and measures nothing.
  package var holdout = 0.3
  /// The seed of that draw, and of the users held out whole; nil for the run's.
  package var holdoutSeed: UInt64?
  /// Share of users held out whole, to measure how people are served who were never in the data.
  package var holdoutUsers = 0.0
  /// Share of such a user's rows that are known when they ask; the rest is to be found.
  package var given = 0.8

  enum CodingKeys: String, CodingKey {
    case duplicates, holdout, given
    case minimumWeight = "minimum-weight"
    case holdoutUsers = "holdout-users"
    case holdoutSeed = "holdout-seed"
    case userColumn = "user-column"
    case itemColumn = "item-column"
    case weightColumn = "weight-column"
    case timestampColumn = "timestamp-column"
    case itemNameColumn = "item-name-column"
  }

  package init() {}
}

/// Rows of the training set held out to choose when to stop.
///
/// The share is 0 by default: every row trains.
package struct ValidationSettings: Sendable, Codable, Equatable {
  /// What a better epoch is better at.
  package enum Metric: String, Sendable, Codable, CaseIterable {
    case recall20 = "recall@20"
    case ndcg20 = "ndcg@20"
    case top100 = "top-100"
  }

  package var share = 0.0
  /// Retrieval's metric; ranking is judged by its squared error.
  package var metric = Metric.ndcg20
  /// Epochs between two looks.
  package var every = 1
  /// Looks without a better value before training stops.
  package var patience = 3

  package init() {}
}

package struct TaskOrderSettings: Sendable, Codable, Equatable {
  package enum Order: String, Sendable, Codable, CaseIterable {
    /// Retrieval first, then ranking.
    case staged
    /// Every step learns from both losses.
    case joint
  }

  package var order = Order.staged
  package var retrievalWeight: Float = 1
  package var rankingWeight: Float = 1

  enum CodingKeys: String, CodingKey {
    case order
    case retrievalWeight = "retrieval-weight"
    case rankingWeight = "ranking-weight"
  }

  package init() {}
}

/// Epochs, batches and the optimiser of one task.
package struct TrainingSettings: Sendable, Codable, Equatable {
  package enum OptimizerName: String, Sendable, Codable, CaseIterable { case sgd, adagrad, adam, adamw }

  package var epochs = 10
  /// Rows of a step; for a matrix factorisation, 0 takes all rows at once.
  package var batchSize = 2048
  package var optimizer = OptimizerName.adam
  package var learningRate: Float = 0.001
  /// How the learning rate falls from its full value to zero over the run.
  package var schedule = LearningRateSchedule.Decay.constant
  /// Share of all steps over which the learning rate first rises from zero.
  package var warmup = 0.0
  /// Decay of weights; decoupled from the gradient for `adamw`, added to it for the others.
  package var weightDecay: Float = 0
  /// Largest norm of all gradients together; 0 does not clip.
  package var clipNorm: Float = 0
  /// SGD's momentum.
  package var momentum: Float = 0
  /// Adagrad's accumulator at the start.
  package var initialAccumulator: Float = 0.1

  enum CodingKeys: String, CodingKey {
    case epochs, optimizer, schedule, warmup, momentum
    case batchSize = "batch-size"
    case learningRate = "learning-rate"
    case weightDecay = "weight-decay"
    case clipNorm = "clip-norm"
    case initialAccumulator = "initial-accumulator"
  }

  package init() {}
}

extension Recipe {
  /// How the models are set, apart from their training.
  package var models: ModelSettings {
    var settings = ModelSettings()
    settings.retrieval = retrieval?.model
    settings.matrixFactorization = matrixFactorization?.model
    settings.baseline = baseline
    settings.ranking = ranking?.model
    settings.trainsSharedTowers = tasks.order == .joint
    settings.seed = seed
    return settings
  }
}
