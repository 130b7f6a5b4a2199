import Foundation
import TwoTowerKernels
import TwoTowerRecommenders

/// A recipe whose settings are tuned, with the values that are worth trying.
package struct TunableRecipe {
  /// A setting by its dotted path, its value in the recipe, and those worth trying, in order.
  package struct Axis: Sendable {
    package let path: String
    package let own: String
    package let values: [String]

    package init(path: String, own: String, values: [String]) {
      (self.path, self.own, self.values) = (path, own, values)
    }

    /// The place of the value that is the recipe's own, or nearest to it.
    var start: Int {
      if let place = values.firstIndex(of: own) { return place }
      guard let number = Double(own) else { return 0 }
      func distance(_ value: String) -> Double { Double(value).map { abs($0 - number) } ?? .infinity }
      return values.indices.min { distance(values[$0]) < distance(values[$1]) } ?? 0
    }
  }

  package typealias Settings = [(path: String, value: String)]

  package let name: String
  package let axes: [Axis]
  /// The recipe with some settings changed; throws for settings that do not go together.
  package let recipe: (_ settings: Settings) throws -> Recipe

  /// - Precondition: every axis has a value.
  package init(name: String, axes: [Axis], recipe: @escaping (_ settings: Settings) throws -> Recipe) {
    precondition(axes.allSatisfy { !$0.values.isEmpty }, "TunableRecipe: an axis without values")
    (self.name, self.axes, self.recipe) = (name, axes, recipe)
  }

  var start: [Int] { axes.map(\.start) }

  /// What a point changes in the recipe; nothing for nil, the recipe as it is.
  func settings(_ point: [Int]?) -> Settings {
    guard let point else { return [] }
    return zip(axes, point).map { (path: $0.path, value: $0.values[$1]) }.filter { setting in
      let own = axes.first { $0.path == setting.path }!.own
      return setting.value != own && (Double(setting.value) == nil || Double(setting.value) != Double(own))
    }
  }

  /// A point that is not in `known`: a random one, or a neighbour of `best` along one axis or two; nil where none is
  /// found.
  func proposal(
    near best: [Int], unlike known: Set<String>, using generator: inout SeededGenerator
  ) -> [Int]? {
    guard !axes.isEmpty else { return nil }
    for _ in 0..<100 {
      var point = best
      if generator.below(3) == 0 {
        point = axes.map { generator.below($0.values.count) }
      } else {
        for _ in 0...generator.below(2) {
          let axis = generator.below(axes.count)
          point[axis] += generator.below(2) == 0 ? 1 : -1
        }
      }
      guard zip(point, axes).allSatisfy({ $0 >= 0 && $0 < $1.values.count }) else { continue }
      if !known.contains(text(settings(point))) { return point }
    }
    return nil
  }

  /// Settings as people write them, and by which they are told apart.
  func text(_ settings: Settings) -> String { settings.map { "\($0.path)=\($0.value)" }.joined(separator: " ") }
}

extension Recipe {
  /// The same, trained for a share of its epochs; nil where nothing is trained by epochs.
  func shortened(to share: Double) -> Recipe? {
    var recipe = self
    func shorten(_ training: inout TrainingSettings) {
      training.epochs = max(1, Int((Double(training.epochs) * share).rounded()))
    }
    if recipe.retrieval != nil { shorten(&recipe.retrieval!.training) }
    if recipe.matrixFactorization != nil { shorten(&recipe.matrixFactorization!.training) }
    return recipe == self ? nil : recipe
  }
}
