import TwoTowerRecommenders
import TwoTowerTraining

extension TunableRecipe {
  /// The recipe that `reader` holds, with the values worth trying that its section `tune` names; of a baseline without
  /// such a section, those of its kind.
  ///
  /// - Throws: `RecipeError` for a setting that the recipe does not have, or a list without values.
  package init(name: String, reader: RecipeReader) throws {
    let recipe = try reader.recipe()
    var values = recipe.tune?.values.sorted { $0.key < $1.key }.map { (path: $0.key, values: $0.value) } ?? []
    if recipe.tune == nil, let baseline = recipe.baseline { values = baseline.searchValues }
    let axes = try values.map { path, values in
      let origin = "\(name): tune"
      guard !values.isEmpty else {
        throw RecipeError(place: origin, message: "\(path): found no value, expected some worth trying")
      }
      for value in values {
        var changed = reader
        try changed.set(path, to: value, origin: origin)
      }
      return Axis(path: path, own: reader.value(of: path) ?? "", values: values)
    }
    self.init(name: name, axes: axes) { settings in
      var changed = reader
      for (path, value) in settings { try changed.set(path, to: value, origin: "\(name): tune") }
      return try changed.recipe()
    }
  }
}

extension BaselineSettings {
  /// The values that a search tries, by the dotted paths of settings.
  fileprivate var searchValues: [(path: String, values: [String])] {
    func values<Settings: BaselineKindSettings>(_ settings: Settings) -> [(path: String, values: [String])] {
      Settings.searchAxes.map { (path: "baseline.\($0.name)", values: $0.values.map { "\($0)" }) }
    }
    return values(model)
  }
}
