/// The item itself, a row of a table.
enum ItemIdentifierFeature: ItemFeature {
  static let name = FeatureName.itemIdentifier
  static let vocabularyName: String? = "items"

  static func feature(_ builder: FeatureBuilder) -> Feature {
    Feature(name, .indices(builder.itemVocabulary.rows, vocabularySize: builder.itemVocabulary.size))
  }
}
