import Autodiff
import Checkpoints
import Evaluation
import Features
import TwoTower

/// Someone to recommend to.
public enum Listener: Sendable, Equatable {
  /// A user of the data.
  case user(Int32)
  /// Someone who is not in the data, known by what they like: each item once, at least one.
  case person([Like])
}

/// An item that someone likes, and how much.
public struct Like: Sendable, Equatable {
  public var item: Int32
  /// Above 0: a listening count, say.
  public var weight: Float

  public init(item: Int32, weight: Float) {
    self.item = item
    self.weight = weight
  }
}

extension FinishedRun {
  /// The items that a listener is known to have, ascending.
  public func knownItems(of listener: Listener) throws -> [Int32] {
    switch listener {
    case .user(let user): try seenItems(of: user)
    case .person(let likes): likes.map(\.item).sorted()
    }
  }

  /// The vector whose dot products with the items' rank them for a listener, `[dimension]`.
  ///
  /// A person's is put out by the query tower when it knows users by their history alone, else found by folding in: by
  /// the loss that the recipe trains by, with the items as they are.
  public func query(of listener: Listener) throws -> Tensor {
    let (queries, candidates) = try embeddings()
    switch listener {
    case .user(let user): return queries.row(Int(user))
    case .person(let likes):
      let items = likes.map(\.item)
      if try recipe().baseline != nil {
        guard let solved = try historyScorer([likes]) as? EmbeddingScorer else {
          throw RunError.noRetrieval(folder.path)
        }
        return solved.queries.row(0)
      }
      if let settings = try recipe().matrixFactorization?.model {
        return FactorizationFoldIn(
          items: candidates, settings: settings, userCount: queries.shape[0],
          trainingRowCount: try popularity().reduce(0, +)
        ).query(items: items, labels: try labels(of: likes))
      }
      guard let model = try recipe().retrieval?.model else { throw RunError.noRetrieval(folder.path) }
      if let query = try historyQuery(likes) { return query }
      return FoldIn(
        candidates: candidates, isNegative: try popularity().map { $0 > 0 },
        temperature: model.temperature, radius: model.similarity == .cosine ? 1 : queries.meanRowLength
      ).query(items: items, weights: likes.map(\.weight))
    }
  }

  /// What the query tower says of someone who is known by a history; nil when it also asks who they are.
  private func historyQuery(_ likes: [Like]) throws -> Tensor? {
    let recipe = try recipe()
    let names = recipe.retrieval!.model.queryTower.features.map(\.feature)
    guard names.contains(.history) || names.contains(.historyTags) else { return nil }
    var data = try data()
    // The item vocabulary, as it was made from the training rows.
    let rows = Vocabulary(counts: data.trainingCounts, minimumCount: recipe.features.minimumCount).rows
    let known = likes.filter { rows[Int($0.item)] > 0 }
    let newest = known.sorted { ($1.weight, rows[Int($0.item)]) < ($0.weight, rows[Int($1.item)]) }
      .prefix(recipe.features.historyLimit ?? known.count).map { rows[Int($0.item)] }.sorted()
    for place in data.features.indices {
      guard let name = FeatureName(rawValue: data.features[place].name), names.contains(name) else { continue }
      let feature = data.features[place]
      let bag: [Int32: Float]
      switch name {
      case .history: bag = Dictionary(uniqueKeysWithValues: newest.map { ($0, 1) })
      case .historyTags: bag = data.tags(ofHistory: known.map(\.item), in: feature)
      case .friends, .userTags: bag = [:]
      // Every query sees the same imputed time.
      case .timestamp, .timestampBucket: bag = [:]
      default: return nil
      }
      data.features[place] = Feature(
        name: feature.name, entity: feature.entity.appending(bag), perTrainingRow: feature.perTrainingRow,
        withheld: feature.withheld)
    }
    data.userIdentifiers.append("")
    let models = try ModelSet(recipe: recipe, data: data)
    try folder.restore(models.parameters)
    guard let model = models.retrieval else { return nil }
    let tape = Tape()
    let output = model.queryTower(BatchRows(entities: [Int32(data.userCount - 1)]), on: tape).value
    let query = model.settings.similarity == .cosine ? output.withUnitRows : output
    return query.reshaped(to: [query.count])
  }
}

extension TowerData {
  /// The tags of items with training rows, added up: what the feature withholds from an item's rows are the item's tags.
  fileprivate func tags(ofHistory items: [Int32], in feature: Feature) -> [Int32: Float] {
    guard let itemTags = feature.withheld else { return [:] }
    var missing = Set(items)
    var sums: [Int32: Float] = [:]
    for (row, item) in training.items.enumerated() where missing.remove(item) != nil {
      for entry in itemTags.range(of: row) { sums[itemTags.indices[entry], default: 0] += itemTags.weights[entry] }
    }
    return sums
  }
}

extension FeatureColumn {
  /// The column with one more row: the bag, or for other columns the first row again.
  fileprivate func appending(_ bag: [Int32: Float]) -> FeatureColumn {
    switch self {
    case .bags(var bags, let size):
      for (index, weight) in bag.sorted(by: { $0.key < $1.key }) { bags.append(index, weight: weight) }
      bags.endRow()
      return .bags(bags, vocabularySize: size)
    case .indices(let indices, let size): return .indices(indices + indices.prefix(1), vocabularySize: size)
    case .dense(let values, let width): return .dense(values + values.prefix(width), width: width)
    }
  }
}

extension Tensor {
  /// The mean length of a matrix's rows; 1 where they are all zero.
  fileprivate var meanRowLength: Float {
    let width = shape[1]
    let values = array
    let lengths = (0..<shape[0]).map { row in
      values[row * width..<(row + 1) * width].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let mean = lengths.reduce(0, +) / Double(max(1, lengths.count))
    return mean > 0 ? Float(mean) : 1
  }
}
