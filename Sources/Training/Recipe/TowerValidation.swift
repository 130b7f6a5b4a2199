import TwoTowerFeatures
import TwoTowerRecommenders

extension Recipe {
  /// The first setting of a tower that cannot work.
  func problem(in tower: TowerSettings, path: String, entity: FeatureName.Entity) -> Problem? {
    if tower.features.isEmpty {
      return Problem(path: "\(path).features", message: "the tower has no input: list at least one '- feature: NAME'")
    }
    for (index, input) in tower.features.enumerated() {
      let place = "\(path).features.\(index)"
      if input.feature.entity != entity {
        let others = FeatureName.allCases.filter { $0.entity == entity }.map(\.rawValue).joined(separator: ", ")
        return Problem(
          path: place, message: "'\(input.feature.rawValue)' is no feature of this tower, which takes: \(others)")
      }
      if tower.features[..<index].contains(where: { $0.feature == input.feature }) {
        return Problem(path: place, message: "'\(input.feature.rawValue)' is listed twice: list each feature once")
      }
      if !(1...65_536).contains(input.dimension) {
        return Problem(path: "\(place).dimension", message: "found \(input.dimension), expected 1 to 65536")
      }
      if !(0..<1).contains(input.identifierDropout) {
        return Problem(
          path: "\(place).identifier-dropout",
          message: "found \(input.identifierDropout), expected a share from 0 to below 1")
      }
      if !(input.initialDeviation >= 0 && input.initialDeviation.isFinite) {
        return Problem(
          path: "\(place).initial-deviation", message: "found \(input.initialDeviation), expected 0 or more")
      }
      if !input.scale.isFinite {
        return Problem(path: "\(place).scale", message: "found \(input.scale), expected a finite number")
      }
    }
    if tower.combine == .sum, let first = tower.features.first,
      let other = tower.features.first(where: { $0.dimension != first.dimension })
    {
      return Problem(
        path: "\(path).features",
        message: "'sum' needs inputs of one dimension, found \(first.dimension) (\(first.feature.rawValue)) and "
          + "\(other.dimension) (\(other.feature.rawValue))")
    }
    if let bad = tower.hiddenLayers.first(where: { !(1...65_536).contains($0) }) {
      return Problem(path: "\(path).hidden-layers", message: "found a width of \(bad), expected 1 to 65536")
    }
    if !(0..<1).contains(tower.dropout) {
      return Problem(path: "\(path).dropout", message: "found \(tower.dropout), expected a share from 0 to below 1")
    }
    return nil
  }

  /// Tables that are shared must have one width and one vocabulary.
  func problem(in towers: [TowerSettings], path: String) -> Problem? {
    var tables: [String: InputSettings] = [:]
    for input in towers.flatMap(\.features) {
      guard let vocabulary = input.feature.vocabularyName else { continue }
      guard let known = tables[input.tableName] else {
        tables[input.tableName] = input
        continue
      }
      if known.dimension != input.dimension {
        return Problem(
          path: path,
          message: "table '\(input.tableName)' has dimension \(known.dimension) for '\(known.feature.rawValue)' and "
            + "\(input.dimension) for '\(input.feature.rawValue)': they must be equal")
      }
      if known.feature.vocabularyName != vocabulary {
        return Problem(
          path: path,
          message: "'\(known.feature.rawValue)' and '\(input.feature.rawValue)' cannot share table "
            + "'\(input.tableName)': one is over \(known.feature.vocabularyName ?? "") and the other over \(vocabulary)"
        )
      }
    }
    return nil
  }

  /// Propagation needs identifiers on both sides, in one width and never hidden.
  func problem(inPropagationOf model: RetrievalSettings) -> Problem? {
    let path = "retrieval.propagation-hops"
    guard (0...4).contains(model.propagationHops) else {
      return Problem(path: path, message: "found \(model.propagationHops), expected 0 to 4")
    }
    guard model.propagationHops > 0 else { return nil }
    let identifiers = [(model.queryTower, FeatureName.userIdentifier), (model.candidateTower, .itemIdentifier)].map {
      tower, name in tower.features.first { $0.feature == name }
    }
    guard let user = identifiers[0], let item = identifiers[1], user.dimension == item.dimension else {
      return Problem(path: path, message: "needs 'user-id' and 'item-id' of one dimension: add them, or set it to 0")
    }
    if user.identifierDropout > 0 || item.identifierDropout > 0 {
      return Problem(path: path, message: "needs identifiers that are never hidden: set identifier-dropout to 0")
    }
    return nil
  }

  /// The width of a tower's output where the recipe alone decides it (numeric features bring their own widths).
  func knownOutputWidth(of tower: TowerSettings) -> Int? {
    if let last = tower.hiddenLayers.last { return last }
    if tower.combine == .sum { return tower.features.first?.dimension }
    guard tower.features.allSatisfy({ $0.feature.vocabularyName != nil }) else { return nil }
    return tower.features.reduce(0) { $0 + $1.dimension }
  }
}
