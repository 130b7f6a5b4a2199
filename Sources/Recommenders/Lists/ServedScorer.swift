import TwoTowerKernels

/// Why someone is recommended what is popular, whatever a model says.
package enum PopularityReason: String, Sendable, Equatable {
  /// They have no training row, and no other input of the model says anything of them.
  case nothingKnown = "nothing_known"
  /// The model scores all that they do not have alike.
  case scoresAlike = "scores_alike"
}

/// A model's scores as lists are made of them and measured: nobody gets noise.
///
/// Those of whom the model knows nothing, and those whose scores are all alike, get the number of users who have each
/// item in place of their scores. Items of which nothing is known are never listed, whoever asks.
package struct ServedScorer: CandidateScorer {
  private let model: any CandidateScorer
  /// What each user has, ascending.
  private let histories: IndexLists
  /// Whether the model knows anything of each user.
  private let isKnown: [Bool]
  private let catalogue: ServedCatalogue

  /// - Parameters:
  ///   - histories: what the model knows each user to have, ascending.
  ///   - isPlaced: whether an input of the model besides `histories` says something of each user; nil for nobody.
  /// - Precondition: a history for each user of the model, and the catalogue that it scores.
  package init(
    _ model: any CandidateScorer, histories: IndexLists, isPlaced: [Bool]? = nil, catalogue: ServedCatalogue
  ) {
    precondition(
      model.userCount == histories.count && isPlaced.map { $0.count == histories.count } ?? true
        && model.candidateCount == catalogue.itemCount,
      "ServedScorer: \(model.userCount) users and \(model.candidateCount) candidates, \(histories.count) histories, "
        + "\(catalogue.itemCount) items")
    self.model = model
    self.histories = histories
    self.catalogue = catalogue
    isKnown = (0..<histories.count).map { isPlaced?[$0] ?? false || !histories.range(of: $0).isEmpty }
  }

  package var userCount: Int { model.userCount }
  package var candidateCount: Int { model.candidateCount }
  package func tieMargin(of user: Int) -> Float { isKnown[user] ? model.tieMargin(of: user) : 0 }

  package func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    model.score(users, candidates: candidates, into: &scores)
    let unknown = catalogue.unknownItems(in: candidates)
    for (row, user) in users.enumerated() {
      let start = row * candidates.count
      let first = candidates.lowerBound
      let isPopular =
        reason(of: user, scores: scores.span.extracting(start..<start + candidates.count), of: candidates) != nil
      if isPopular { for item in candidates { scores[start + item - first] = catalogue.popularity[item] } }
      for item in unknown { scores[start + Int(item) - first] = .neverListed }
    }
  }

  /// Whether the model knows anything of a user.
  package func knows(_ user: Int) -> Bool { isKnown[user] }

  /// Why a user is recommended what is popular; nil where it is what the model says.
  package func popularityReason(of user: Int) -> PopularityReason? {
    guard isKnown[user] else { return .nothingKnown }
    let scores = FloatBuffer(zeros: candidateCount)
    var target = scores.mutableSpan
    model.score([user], candidates: 0..<candidateCount, into: &target)
    return reason(of: user, scores: scores.span, of: 0..<candidateCount)
  }

  /// Whether a list was found by popularity alone: then nothing else is to order it.
  package func servesPopularity(_ list: RetrievedList) -> Bool {
    guard isKnown[Int(list.user)] else { return true }
    // Scores that no count equals are the model's: only others need a second look.
    return list.candidates.allSatisfy { $0.score == catalogue.popularity[Int($0.index)] }
      && popularityReason(of: Int(list.user)) != nil
  }

  /// - Parameter scores: of the model, for `candidates`.
  private func reason(of user: Int, scores: Span<Float>, of candidates: Range<Int>) -> PopularityReason? {
    guard isKnown[user] else { return .nothingKnown }
    guard areAlike(scores, of: candidates, for: user) else { return nil }
    // A part of the catalogue says it of the whole where it differs in itself, which it mostly does.
    if candidates.count < candidateCount { return popularityReason(of: user) }
    return .scoresAlike
  }

  /// Whether there are several scores of candidates that the user does not have, and all are the same.
  private func areAlike(_ scores: Span<Float>, of candidates: Range<Int>, for user: Int) -> Bool {
    var own = histories[user][...]
    own = own[own.partitioningIndex { Int($0) >= candidates.lowerBound }...]
    var (first, count): (Float?, Int) = (nil, 0)
    for candidate in candidates {
      if let next = own.first, Int(next) == candidate {
        own = own.dropFirst()
        continue
      }
      let score = scores[candidate - candidates.lowerBound]
      if let first, score != first { return false }
      first = first ?? score
      count += 1
    }
    return count > 1 || candidates.count < candidateCount
  }
}

extension Recommender {
  /// The scores of the users of the fit as they are served.
  package func servedScorer(on data: TowerData) -> ServedScorer {
    ServedScorer(
      scorer, histories: data.fittedItems.lists, isPlaced: data.usersPlaced(by: inputsBesideHistory),
      catalogue: data.servedCatalogue)
  }
}

/// What is known of the items that a run can list, apart from any model.
package struct ServedCatalogue: Sendable {
  /// How many users have each item.
  package let popularity: [Float]
  /// The items of which nothing is known, ascending: no training row, no tag.
  package let unknownItems: [Int32]

  /// - Parameters:
  ///   - counts: how many users have each item.
  ///   - hasTags: whether each item has a tag.
  package init(counts: [Int], hasTags: [Bool]) {
    precondition(counts.count == hasTags.count, "ServedCatalogue: \(counts.count) counts, \(hasTags.count) items")
    popularity = counts.map(Float.init)
    unknownItems = counts.indices.filter { counts[$0] == 0 && !hasTags[$0] }.map(Int32.init)
  }

  package var itemCount: Int { popularity.count }

  /// Whether nothing is known of an item.
  package func isUnknown(_ item: Int32) -> Bool {
    let place = unknownItems.partitioningIndex { $0 >= item }
    return place < unknownItems.count && unknownItems[place] == item
  }

  func unknownItems(in candidates: Range<Int>) -> ArraySlice<Int32> {
    let start = unknownItems.partitioningIndex { Int($0) >= candidates.lowerBound }
    let end = unknownItems.partitioningIndex { Int($0) >= candidates.upperBound }
    return unknownItems[start..<end]
  }
}
