import Foundation
import TwoTowerEvaluation

/// What one `fit --json` or `evaluate --json` printed, of which a comparison is made.
package struct FitReport: Sendable, Equatable {
  package private(set) var metrics = RetrievalGroups<Double>()
  package private(set) var intervals = RetrievalGroups<ConfidenceInterval>()
  /// Recommending everyone the most popular items.
  package private(set) var popularity = RetrievalGroups<Double>()
  /// A random order.
  package private(set) var chance = RetrievalGroups<Double>()
  package private(set) var ranking = RankingSection()
  /// The lists of a reranker.
  package private(set) var reranked = RetrievalMetrics<Double>()
  /// Users held out whole, seen items excluded.
  package private(set) var unseen = UnseenSection()
  /// Nil for an evaluation.
  package private(set) var seconds: FitSeconds?
  /// The most memory that the process had, where the system tells.
  package private(set) var peakMemoryBytes: Double?
  /// Every number of the document, those of the other sections too.
  package private(set) var numbers = ReportNumbers()

  /// Reads what `fit --json` printed, or `evaluate --json`.
  ///
  /// - Throws: `FitReportError` naming a key that is missing or not expected, or what else is wrong.
  package init(json: Data, isOfFit: Bool = true) throws(FitReportError) {
    do {
      self = try JSONDecoder().decode(FitReport.self, from: json)
      if isOfFit && seconds == nil { throw FitReportError(place: "", message: "found no key 'seconds'") }
    } catch let error as FitReportError {
      throw error
    } catch let error as DecodingError {
      throw FitReportError(error)
    } catch {
      throw FitReportError(place: "", message: "\(error)")
    }
  }
}

/// The numbers of ranking, and their intervals.
package struct RankingSection: Sendable, Equatable {
  package enum Key: String, Sendable, CodingKey, CaseIterable {
    case rmse, intervals
    case pairwiseAccuracy = "pairwise_accuracy"
    case plainRMSE = "rmse_without_pair_features"
    case plainPairwiseAccuracy = "pairwise_accuracy_without_pair_features"
    case constantRMSE = "constant_rmse"
  }

  package private(set) var values: [Key: Double] = [:]
  package private(set) var intervals: [Key: ConfidenceInterval] = [:]
}

/// The figures of users held out whole, and what stands beside them.
package struct UnseenSection: Sendable, Equatable {
  package internal(set) var model = RetrievalMetrics<Double>()
  package internal(set) var intervals = RetrievalMetrics<ConfidenceInterval>()
  package internal(set) var popularity = RetrievalMetrics<Double>()
  package internal(set) var chance = RetrievalMetrics<Double>()
}

// MARK: - The document

extension FitReport: Decodable {
  private enum Section: String, CodingKey, CaseIterable {
    case retrieval, reranked, popularity, warm, cold, chance, ranking, seconds, recommendations, warnings
    case peakMemoryBytes = "peak_memory_bytes"
    case trainError = "train_error", testError = "test_error"
    case regularizationLoss = "regularization_loss", gravityLoss = "gravity_loss"
    case evaluatedUsers = "evaluated_users", testUsers = "test_users"
    case unseenUsers = "unseen_users", newUsers = "new_users"
    case byUserActivity = "by_user_activity", byItemPopularity = "by_item_popularity"
  }

  private enum Group: String, CodingKey, CaseIterable {
    case warm, cold, intervals
    case seenIncluded = "seen_included", seenExcluded = "seen_excluded"
  }

  package init(from decoder: any Decoder) throws {
    let document = try decoder.container(ofOnly: Section.self) {
      $0.wholeMatch(of: /genre_precision@[0-9]+(_random)?/) != nil
    }
    if document.contains(.retrieval) {
      let retrieval = try document.object(ofOnly: Group.self, forKey: .retrieval)
      metrics = try Self.protocols(retrieval)
      if retrieval.contains(.intervals) {
        intervals = try Self.protocols(retrieval.object(ofOnly: Group.self, forKey: .intervals))
      }
      for (section, group) in [(Section.warm, RetrievalGroup.warm), (.cold, .cold)] where document.contains(section) {
        let targets = try document.object(ofOnly: Group.self, forKey: section)
        metrics[group] = try targets.decode(RetrievalMetrics<Double>.self, forKey: .seenExcluded)
      }
      let expected = try document.object(ofOnly: Group.self, forKey: .chance)
      for (key, group) in [
        (Group.seenIncluded, RetrievalGroup.seenIncluded), (.seenExcluded, .seenExcluded), (.warm, .warm),
        (.cold, .cold),
      ] where expected.contains(key) {
        chance[group] = try expected.decode(RetrievalMetrics<Double>.self, forKey: key)
      }
    }
    if document.contains(.popularity) {
      popularity = try Self.protocols(document.object(ofOnly: Group.self, forKey: .popularity))
    }
    ranking = try document.decodeIfPresent(RankingSection.self, forKey: .ranking) ?? RankingSection()
    reranked = try document.decodeIfPresent(RetrievalMetrics<Double>.self, forKey: .reranked) ?? RetrievalMetrics()
    unseen = try document.decodeIfPresent(UnseenSection.self, forKey: .unseenUsers) ?? UnseenSection()
    seconds = try document.decodeIfPresent(FitSeconds.self, forKey: .seconds)
    peakMemoryBytes = try document.decodeIfPresent(Double.self, forKey: .peakMemoryBytes)
    numbers = try ReportNumbers(from: decoder)
    if let seconds { numbers["seconds.fit"] = seconds.fit }
  }

  /// The groups of both protocols.
  private static func protocols<Value: Decodable>(
    _ container: KeyedDecodingContainer<Group>
  ) throws -> RetrievalGroups<Value> {
    var groups = RetrievalGroups<Value>()
    groups[.seenIncluded] = try container.decode(RetrievalMetrics<Value>.self, forKey: .seenIncluded)
    groups[.seenExcluded] = try container.decode(RetrievalMetrics<Value>.self, forKey: .seenExcluded)
    return groups
  }
}

extension UnseenSection: Decodable {
  private enum Key: String, CodingKey { case model, intervals, popularity, chance }
  private enum Group: String, CodingKey { case seenExcluded = "seen_excluded" }

  package init(from decoder: any Decoder) throws {
    let section = try decoder.container(keyedBy: Key.self)
    func figures<Value: Decodable>(
      _ container: KeyedDecodingContainer<Key>, _ key: Key
    ) throws -> RetrievalMetrics<Value> {
      try container.nestedContainer(keyedBy: Group.self, forKey: key)
        .decode(RetrievalMetrics<Value>.self, forKey: .seenExcluded)
    }
    model = try figures(section, .model)
    (popularity, chance) = (try figures(section, .popularity), try figures(section, .chance))
    let own = try section.nestedContainer(keyedBy: Key.self, forKey: .model)
    if own.contains(.intervals) { intervals = try figures(own, .intervals) }
  }
}

extension RankingSection: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(ofOnly: Key.self)
    for key in container.allKeys where key != .intervals {
      values[key] = try container.decode(Double.self, forKey: key)
    }
    guard container.contains(.intervals) else { return }
    let bounds = try container.object(ofOnly: Key.self, forKey: .intervals)
    for key in bounds.allKeys { intervals[key] = try bounds.decode(ConfidenceInterval.self, forKey: key) }
  }
}

/// Why what a fit printed is not its report: a defect, as one program writes and reads it.
package struct FitReportError: Error, Equatable, CustomStringConvertible {
  /// The dotted path of the object.
  package let place: String
  package let message: String

  package var description: String { "the report of a fit: " + (place.isEmpty ? "" : "\(place): ") + message }

  init(place: String, message: String) {
    self.place = place
    self.message = message
  }

  init(_ error: DecodingError) {
    func place(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      self.init(place: place(context), message: "found no key '\(key.stringValue)'")
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      self.init(place: place(context), message: context.debugDescription)
    @unknown default: self.init(place: "", message: "\(error)")
    }
  }
}
