import TwoTowerAutodiff
import TwoTowerEvaluation
import TwoTowerFeatures
import TwoTowerRecommenders

/// What a phase minimises, and by what it judges a state of the parameters.
struct Objective {
  let phase: Phase
  let settings: TrainingSettings
  let parameters: [Parameter]
  /// What a step takes some of: training rows, or users.
  let rowCount: Int
  /// The loss of the given rows, a scalar.
  let loss: (_ rows: [Int32], _ tape: Tape) -> Variable
  /// What the loss is divided by to make the mean over a batch that the history shows.
  let lossIsSummed: Bool
  /// The validation metric, higher is better; nil without validation rows.
  let validate: (() throws -> Double)?
  /// Errors and parts of the loss, computed every so many epochs; nil for tasks that report none.
  var figures: (every: Int, compute: () -> FactorizationFigures)?
}

extension Objective {
  /// The phases of a run, in order.
  static func all(recipe: Recipe, models: ModelSet, data: TowerData) -> [Objective] {
    var objectives: [Objective] = []
    let isJoint = recipe.tasks.order == .joint
    if let task = recipe.retrieval, let model = models.retrieval {
      objectives.append(
        isJoint
          ? joint(recipe: recipe, task: task, model: model, models: models, data: data)
          : retrieval(recipe: recipe, task: task, model: model, data: data))
    }
    if let task = recipe.matrixFactorization, let model = models.matrixFactorization {
      objectives.append(matrixFactorization(task: task, model: model, data: data))
    }
    if let task = recipe.ranking, !isJoint {
      for (phase, model) in [(Phase.ranking, models.ranking), (.rankingWithPairs, models.rankingWithPairs)] {
        guard let model else { continue }
        objectives.append(ranking(phase: phase, task: task, model: model, data: data))
      }
    }
    return objectives
  }

  private static func retrieval(
    recipe: Recipe, task: TaskSettings<RetrievalSettings>, model: RetrievalModel, data: TowerData
  ) -> Objective {
    let users = model.stepsByUsers ? data.training.distinctUsers : []
    return Objective(
      phase: .retrieval, settings: task.training, parameters: model.parameters,
      rowCount: model.stepsByUsers ? users.count : data.training.count,
      loss: { rows, tape in
        model.stepsByUsers
          ? model.loss(users: rows.map { users[Int($0)] }, on: tape) : retrievalLoss(model, rows, data, tape)
      },
      lossIsSummed: task.model.reduction == .sum,
      validate: retrievalValidation(recipe.validation.metric, model, data))
  }

  private static func matrixFactorization(
    task: TaskSettings<MatrixFactorizationSettings>, model: MatrixFactorizationModel, data: TowerData
  ) -> Objective {
    let training = model.entries(data.training)
    let test = model.entries(data.test)
    let validation = model.entries(data.validation)
    var objective = Objective(
      phase: .matrixFactorization, settings: task.training, parameters: model.parameters,
      rowCount: data.training.count,
      loss: { rows, tape in
        // All rows at once are the same entries in every step.
        model.loss(
          rows.count == data.training.count ? training : model.entries(data.training.selecting(rows)), on: tape)
      },
      lossIsSummed: false,
      validate: validation.count == 0 ? nil : { -(model.meanSquaredError(validation) ?? 0) })
    objective.figures = (task.model.reportEvery, { model.figures(training: training, test: test) })
    return objective
  }

  private static func ranking(
    phase: Phase, task: TaskSettings<RankingSettings>, model: RankingModel, data: TowerData
  ) -> Objective {
    let pairs = TrainingPairNumbers(data)
    return Objective(
      phase: phase, settings: task.training, parameters: model.parameters, rowCount: data.training.count,
      loss: { rows, tape in rankingLoss(model, rows, data, pairs, tape) }, lossIsSummed: false,
      validate: data.validation.count == 0
        ? nil
        : {
          let predictions = model.predictions(for: data.validation, data: data)
          var squared = 0.0
          for (prediction, label) in zip(predictions, data.validation.labels) {
            squared += Double(prediction - label) * Double(prediction - label)
          }
          return -(squared / Double(data.validation.count)).squareRoot()
        })
  }

  private static func joint(
    recipe: Recipe, task: TaskSettings<RetrievalSettings>, model: RetrievalModel, models: ModelSet, data: TowerData
  ) -> Objective {
    let heads = [models.ranking, models.rankingWithPairs].compactMap { $0 }
    let weights = recipe.tasks
    let pairs = TrainingPairNumbers(data)
    return Objective(
      phase: .joint, settings: task.training, parameters: models.parameters, rowCount: data.training.count,
      loss: { rows, tape in
        let retrieval = retrievalLoss(model, rows, data, tape)
        // Summed losses grow with the batch: the ranking losses are brought to the same scale.
        let rankingScale = weights.rankingWeight * (task.model.reduction == .sum ? Float(rows.count) : 1)
        return heads.reduce(weights.retrievalWeight * retrieval) { sum, head in
          sum + rankingScale * rankingLoss(head, rows, data, pairs, tape)
        }
      },
      lossIsSummed: task.model.reduction == .sum,
      validate: retrievalValidation(recipe.validation.metric, model, data))
  }

  private static func retrievalLoss(
    _ model: RetrievalModel, _ rows: [Int32], _ data: TowerData, _ tape: Tape
  ) -> Variable {
    model.loss(
      queries: rows.map { data.training.users[Int($0)] }, candidates: rows.map { data.training.items[Int($0)] },
      trainingRows: rows, on: tape)
  }

  private static func rankingLoss(
    _ model: RankingModel, _ rows: [Int32], _ data: TowerData, _ pairs: TrainingPairNumbers, _ tape: Tape
  ) -> Variable {
    model.loss(
      queries: BatchRows(entities: rows.map { data.training.users[Int($0)] }, trainingRows: rows),
      candidates: BatchRows(entities: rows.map { data.training.items[Int($0)] }, trainingRows: rows),
      pairs: pairs.rows(rows, of: model),
      labels: rows.map { data.training.labels[Int($0)] }, on: tape)
  }

  private static func retrievalValidation(
    _ metric: ValidationSettings.Metric, _ model: RetrievalModel, _ data: TowerData
  ) -> (() throws -> Double)? {
    guard data.validation.count > 0 else { return nil }
    return {
      try data.validationScore(
        EmbeddingScorer(
          queries: model.queryEmbeddings(count: data.userCount),
          candidates: model.candidateEmbeddings(count: data.itemCount)),
        metric: metric)
    }
  }
}

extension LabeledPairs {
  /// Those with pairs, ascending.
  var distinctUsers: [Int32] { Set(users).sorted() }
}

/// The pair features of every training row, computed together at their first use: batches only copy them.
private final class TrainingPairNumbers {
  private let data: TowerData
  private lazy var values: [Float] =
    data.pairFeatures?.values(users: data.training.users, items: data.training.items) ?? []

  init(_ data: TowerData) { self.data = data }

  /// The numbers that a model takes of the given training rows, `[rows.count, model.pairWidth]`.
  func rows(_ rows: [Int32], of model: RankingModel) -> [Float] {
    guard model.pairWidth > 0, let width = data.pairFeatures?.width else { return [] }
    return model.pairNumbers(rows: rows.lazy.map { Int($0) }, of: values, width: width)
  }
}
