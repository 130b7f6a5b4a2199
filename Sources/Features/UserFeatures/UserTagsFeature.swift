import TwoTowerKernels

/// The tags that the user has given, a bag over the table of tags.
struct UserTagsFeature: UserFeature {
  static let name = FeatureName.userTags
  static let vocabularyName: String? = "tags"

  /// The rows of the table that each tag of the data stands for.
  private let rowsOfTags: IndexLists
  private let vocabularySize: Int
  private let weighter: TermWeighter

  init(fitting builder: FeatureBuilder) throws {
    let assignments = builder.assignments
    rowsOfTags = builder.tagVocabulary.rowsOfTags
    vocabularySize = builder.tagVocabulary.size
    weighter = TermWeighter(
      builder.settings.tagWeighting,
      try builder.termCounts(of: assignments.users, tags: assignments.tags, rowCount: builder.dataset.users.count),
      size: vocabularySize)
  }

  func encode(_ users: UserProfiles, labels: SparseRows) -> FeatureColumn {
    .bags(weighter.weighted(termCounts(users.tags)), vocabularySize: vocabularySize)
  }

  /// How often each user gave each term, from how often each tag.
  private func termCounts(_ tags: SparseRows) -> SparseRows {
    let owners = tags.owners
    var (users, terms, counts): ([Int32], [Int32], [Float]) = ([], [], [])
    for entry in tags.indices.indices where Int(tags.indices[entry]) < rowsOfTags.count {
      for term in rowsOfTags[Int(tags.indices[entry])] {
        users.append(owners[entry])
        terms.append(term)
        counts.append(tags.weights[entry])
      }
    }
    return SparseRows(
      summing: users, indices: terms, weights: counts, rowCount: tags.rowCount, indexCount: vocabularySize)
  }

  func trainingView(of entities: FeatureColumn, _ builder: FeatureBuilder) throws -> TrainingView {
    guard builder.settings.leavesOwnTagsOut else { return .asEntity }
    return .rows(
      .bags(weighter.weighted(try termCountsWithoutOwn(builder)), vocabularySize: vocabularySize))
  }

  /// For each training row, how often its user gave each term to *other* items.
  private func termCountsWithoutOwn(_ builder: FeatureBuilder) throws -> SparseRows {
    let users = builder.trainingUsers
    let counts = termCounts(builder.userProfiles.tags)
    try builder.checkEntries(
      of: Self.name, users.reduce(0) { $0 + counts.range(of: Int($1)).count },
      advice: "set leave-own-tags-out: false or a lower maximum-tags")
    // How often each training row's user gave each term to the row's own item.
    let own = try builder.termCounts(
      of: builder.assignmentRows, tags: builder.assignments.tags, rowCount: builder.split.train.count)
    var result = SparseRows()
    for (row, user) in users.enumerated() {
      var ownEntries = own.range(of: row)
      for entry in counts.range(of: Int(user)) {
        var count = counts.weights[entry]
        if let next = ownEntries.first, own.indices[next] == counts.indices[entry] {
          count -= own.weights[next]
          ownEntries = ownEntries.dropFirst()
        }
        if count > 0 { result.append(counts.indices[entry], weight: count) }
      }
      result.endRow()
    }
    return result
  }

  static func remark(_ builder: FeatureBuilder) -> String? {
    builder.tagRemark(on: name, tagCount: builder.assignments.count)
  }

  var tables: FittedTables {
    var tables = weighter.tables
    tables.add(lists: rowsOfTags, as: "tag-rows")
    return tables
  }

  init(reading reader: FittedTablesReader, _ sizes: FittedSizes) throws {
    rowsOfTags = try reader.lists("tag-rows", ascending: false)
    vocabularySize = try reader.vocabularySize("tag-rows")
    weighter = try TermWeighter(reading: reader, size: vocabularySize)
  }
}
