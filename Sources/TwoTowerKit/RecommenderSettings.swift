import TwoTowerDatasets
import TwoTowerFeatures
import TwoTowerNeuralNetwork
import TwoTowerRecommenders
import TwoTowerTraining

/// Which kind of model is fitted, and how.
///
/// The defaults are those that serve a set of some thousand users and some ten thousand items well; a smaller one wants
/// fewer dimensions and more epochs.
public struct RecommenderSettings: Sendable, Equatable {
  private var recipe: Recipe

  private init(_ name: String, _ change: (inout Recipe) -> Void) {
    recipe = Recipe()
    recipe.name = name
    change(&recipe)
  }

  // MARK: - Two towers

  /// Two towers: a vector per user, and per item one for itself plus those of its tags, trained by a softmax over the
  /// items of a batch.
  ///
  /// - Parameters:
  ///   - dimension: width of the vectors.
  ///   - epochs: passes over all rows.
  ///   - batchSize: rows of a step.
  ///   - learningRate: at the start; it falls to 0 along a cosine.
  ///   - temperature: what cosines are divided by before the softmax; a lower one sharpens it.
  ///   - minimumTagCount: tags of fewer items are left out.
  public static func retrieval(
    dimension: Int = 128, epochs: Int = 8, batchSize: Int = 512, learningRate: Float = 0.002,
    temperature: Float = 0.15, minimumTagCount: Int = 5
  ) -> RecommenderSettings {
    RecommenderSettings("retrieval") { recipe in
      var model = softmaxModel(temperature: temperature)
      model.queryTower = TowerSettings(
        features: [InputSettings(feature: .userIdentifier, dimension: dimension, initialDeviation: 0.01)], combine: .sum
      )
      // Starts near zero and is dropped for a fifth of the rows, so that tags learn to stand for items.
      model.candidateTower = TowerSettings(
        features: [
          InputSettings(
            feature: .itemIdentifier, dimension: dimension, initialDeviation: 0.001, identifierDropout: 0.2),
          InputSettings(feature: .tags, dimension: dimension, initialDeviation: 0.05),
        ], combine: .sum)
      setTwoTowers(
        model, in: &recipe, epochs: epochs, batchSize: batchSize, learningRate: learningRate,
        minimumTagCount: minimumTagCount)
    }
  }

  /// Two towers whose users are known by what they have, through dense layers: people who are not in the data are
  /// served like those who are.
  ///
  /// - Parameters:
  ///   - dimension: width of the embeddings and of the vectors.
  ///   - hiddenWidth: width of the layer between.
  ///   - epochs: passes over all rows.
  ///   - batchSize: rows of a step.
  ///   - learningRate: at the start; it falls to 0 along a cosine.
  ///   - temperature: what cosines are divided by before the softmax; a lower one sharpens it.
  ///   - minimumTagCount: tags of fewer items are left out.
  public static func history(
    dimension: Int = 128, hiddenWidth: Int = 256, epochs: Int = 9, batchSize: Int = 512, learningRate: Float = 0.002,
    temperature: Float = 0.1, minimumTagCount: Int = 5
  ) -> RecommenderSettings {
    RecommenderSettings("history") { recipe in
      var model = softmaxModel(temperature: temperature)
      // Every pass sees another half of each history, so that few items are enough to say something.
      model.queryTower = TowerSettings(
        features: [
          InputSettings(feature: .history, dimension: dimension, identifierDropout: 0.5),
          InputSettings(feature: .historyTags, dimension: dimension),
        ], hiddenLayers: [hiddenWidth, dimension])
      model.candidateTower = TowerSettings(
        features: [
          InputSettings(feature: .itemIdentifier, dimension: dimension),
          InputSettings(feature: .tags, dimension: dimension),
        ], combine: .sum)
      setTwoTowers(
        model, in: &recipe, epochs: epochs, batchSize: batchSize, learningRate: learningRate,
        minimumTagCount: minimumTagCount)
    }
  }

  // MARK: - Without gradient descent

  /// Implicit alternating least squares: vectors whose products come near 1 for what users have and 0 for all else
  /// (Hu, Koren, Volinsky, ICDM 2008; the weights of Rendle et al., RecSys 2022).
  ///
  /// - Parameters:
  ///   - dimension: width of the vectors.
  ///   - unobservedWeight: how much the absence of an interaction weighs beside one.
  ///   - regularization: weight of a vector's squared length for each interaction of its user or item, and for what the
  ///     absence of the others weighs.
  ///   - iterations: how often users and then items are solved for.
  ///   - usesWeights: whether an interaction weighs its weight over the root of the sum of squares of its user's; else 1.
  public static func implicitALS(
    dimension: Int = 128, unobservedWeight: Float = 0.03, regularization: Float = 0.015, iterations: Int = 12,
    usesWeights: Bool = false
  ) -> RecommenderSettings {
    var model = ImplicitALS.Settings()
    model.dimension = dimension
    model.unobservedWeight = unobservedWeight
    model.regularization = regularization
    model.iterations = iterations
    return baseline(BaselineSettings(ImplicitALS.self, model), usesWeights: usesWeights)
  }

  /// EASE, a linear model that predicts each item from all others, solved exactly (Steck, WWW 2019).
  ///
  /// It holds a matrix of users × users or of items × items, whichever is smaller: 20,000 take 1.6 GB.
  ///
  /// - Parameters:
  ///   - regularization: weight of the squared weights between items; fewer interactions want a greater one.
  ///   - usesWeights: as for ``implicitALS(dimension:unobservedWeight:regularization:iterations:usesWeights:)``.
  public static func ease(regularization: Float = 100, usesWeights: Bool = false) -> RecommenderSettings {
    var model = EASE.Settings()
    model.regularization = regularization
    return baseline(BaselineSettings(EASE.self, model), usesWeights: usesWeights)
  }

  /// Item-based nearest neighbours: items that the same users have (Sarwar et al., WWW 2001).
  ///
  /// - Parameters:
  ///   - neighbors: how many most alike items each item keeps; 0 for all.
  ///   - itemExponent: the power of both items' popularity that a likeness is divided by: 0.5 is the cosine, less leaves
  ///     more to popular items.
  ///   - userExponent: the power of a user's number of items that what they add to a likeness is divided by.
  ///   - shrinkage: keeps items that few users share from being alike by chance; needs a number of neighbours.
  ///   - usesWeights: as for ``implicitALS(dimension:unobservedWeight:regularization:iterations:usesWeights:)``.
  public static func itemNeighbors(
    _ neighbors: Int = 200, itemExponent: Float = 0.5, userExponent: Float = 0, shrinkage: Float = 10,
    usesWeights: Bool = false
  ) -> RecommenderSettings {
    let model = ItemNeighbors.Settings(
      neighbors: neighbors, itemExponent: itemExponent, userExponent: userExponent, shrinkage: shrinkage)
    return baseline(BaselineSettings(ItemNeighbors.self, model), usesWeights: usesWeights)
  }

  /// What most users have, for everyone alike: what any other model must beat.
  public static var popularity: RecommenderSettings {
    baseline(BaselineSettings(Popularity.self), usesWeights: false)
  }

  private static func baseline(_ settings: BaselineSettings, usesWeights: Bool) -> RecommenderSettings {
    RecommenderSettings(settings.kind) { recipe in
      recipe.baseline = settings
      recipe.baseline?.weights = usesWeights ? .labels : .binary
    }
  }

  // MARK: - Recipes

  private static func softmaxModel(temperature: Float) -> RetrievalSettings {
    var model = RetrievalSettings()
    model.similarity = .cosine
    model.temperature = temperature
    // What the user is known to have is never a negative.
    model.mask = .history
    return model
  }

  private static func setTwoTowers(
    _ model: RetrievalSettings, in recipe: inout Recipe, epochs: Int, batchSize: Int, learningRate: Float,
    minimumTagCount: Int
  ) {
    var training = TrainingSettings()
    training.epochs = epochs
    training.batchSize = batchSize
    training.learningRate = learningRate
    training.schedule = .cosine
    recipe.retrieval = TaskSettings(model: model, training: training)
    recipe.features.minimumTagCount = minimumTagCount
    recipe.features.tagWeighting = .logIdf
  }

  /// The recipe of a fit on `dataset`.
  ///
  /// - Throws: ``TwoTowerError/setting(name:problem:)``.
  package func recipe(for dataset: Dataset, seed: UInt64) throws(TwoTowerError) -> Recipe {
    var recipe = recipe
    recipe.seed = seed
    if dataset.itemTags.count == 0 { recipe.retrieval?.model.leaveTagsOut() }
    if let problem = recipe.firstProblem() {
      throw .setting(name: TwoTowerError.swiftName(problem.path), problem: problem.message)
    }
    return recipe
  }
}

extension RetrievalSettings {
  /// The model of data without tags: nothing else can stand for an item.
  fileprivate mutating func leaveTagsOut() {
    queryTower.features.removeAll { $0.feature == .historyTags }
    candidateTower.features.removeAll { $0.feature == .tags }
    for place in candidateTower.features.indices {
      candidateTower.features[place].identifierDropout = 0
      candidateTower.features[place].initialDeviation = 0.05
    }
  }
}
