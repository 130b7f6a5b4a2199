/// A setting that a search for better ones may change, with the values worth trying in order.
package struct SearchAxis<Settings: Sendable>: Sendable {
  /// Its name in a recipe.
  package let name: String
  package let values: [Float]
  package let set: @Sendable (inout Settings, Float) -> Void
  package let get: @Sendable (Settings) -> Float

  init(_ name: String, _ keyPath: any WritableKeyPath<Settings, Float> & Sendable, _ values: [Float]) {
    self.name = name
    self.values = values
    set = { $0[keyPath: keyPath] = $1 }
    get = { $0[keyPath: keyPath] }
  }

  /// The position of the value nearest to that of `settings`.
  package func position(in settings: Settings) -> Int {
    let value = get(settings)
    return values.indices.min { abs(values[$0] - value) < abs(values[$1] - value) }!
  }
}
