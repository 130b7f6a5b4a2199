import TwoTowerKernels

/// The tags (genres) that users or the catalogue give to the item, a bag over the table of tags.
enum TagsFeature: ItemFeature {
  static let name = FeatureName.tags
  static let vocabularyName: String? = "tags"

  static func feature(_ builder: FeatureBuilder) throws -> Feature {
    Feature(name, .bags(try builder.itemTagBags(), vocabularySize: builder.tagVocabulary.size))
  }

  static func remark(_ builder: FeatureBuilder) -> String? {
    builder.tagRemark(on: name, tagCount: builder.assignments.count + builder.dataset.itemTags.count)
  }
}
