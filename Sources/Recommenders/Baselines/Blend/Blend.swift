import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// A weighted sum of several models' scores, each divided by its spread over the user's candidates.
///
/// Models err in different places: what several of them find is found more surely. The spread is the standard deviation,
/// so that no model counts more because its scores happen to be large.
package struct Blend: Baseline {
  package static let kind = "blend"

  let members: [any Baseline]
  let weights: [Float]
  /// What the scores of two towers weigh beside the members'; they are no part of this model.
  let towersWeight: Float
  private let scorer: BlendScorer

  package init(
    fitting interactions: InteractionMatrix, settings: Settings, seed: UInt64,
    progress: (_ done: Int, _ count: Int) throws -> Void
  ) throws {
    try settings.check()
    var members: [any Baseline] = []
    let count = settings.members.count
    for (index, member) in settings.members.enumerated() {
      members.append(
        try member.settings.fitted(on: interactions, seed: seed) { done, all in
          // A hundred parts for each member.
          try progress(100 * index + 100 * done / max(1, all), 100 * count)
        })
    }
    let weights = settings.members.map(\.weight)
    self.init(settings, members: members, scorer: BlendScorer(members, weights: weights))
  }

  private init(_ settings: Settings, members: [any Baseline], scorer: BlendScorer) {
    (self.members, self.scorer) = (members, scorer)
    weights = settings.members.map(\.weight)
    towersWeight = settings.towersWeight
  }

  /// Of each member, the standard deviation of each user's scores.
  var spreads: [[Float]] { scorer.spreads }

  package var userCount: Int { scorer.userCount }
  package var candidateCount: Int { scorer.candidateCount }

  package func score(_ users: [Int], candidates: Range<Int>, into scores: inout MutableSpan<Float>) {
    scorer.score(users, candidates: candidates, into: &scores)
  }

  package func tieMargin(of user: Int) -> Float { scorer.tieMargin(of: user) }

  package func scorer(of histories: SparseRows) throws(BaselineError) -> any CandidateScorer {
    var scorers: [any CandidateScorer] = []
    for member in members { scorers.append(try member.scorer(of: histories)) }
    return BlendScorer(scorers, weights: weights)
  }

  package var parameterCount: Int { members.reduce(0) { $0 + $1.parameterCount } }

  package var tensors: [String: StoredArray] {
    var tensors = ["baseline/spreads": StoredArray(scorer.spreads.flatMap(\.self))]
    for (index, member) in members.enumerated() {
      for (name, value) in member.tensors { tensors[MemberSource.name(name, ofMember: index)] = value }
    }
    return tensors
  }

  package init(
    loading source: any RecommenderSource, settings: Settings, interactions: () throws -> InteractionMatrix
  ) throws {
    let interactions = try interactions()
    var members: [any Baseline] = []
    for (index, member) in settings.members.enumerated() {
      func load<Model: Baseline>(_ type: Model.Type) throws -> any Baseline {
        guard let settings = member.model as? Model.Settings else {
          throw source.refusal("model settings", found: "no settings of kind \(Model.kind)", expected: "some")
        }
        return try Model(
          loading: MemberSource(whole: source, member: index, settings: member.settings), settings: settings
        ) { interactions }
      }
      members.append(try load(member.settings.baselineType))
    }
    let stored = try source.floats("baseline/spreads", shape: [members.count * source.userCount]).array
    let spreads = members.indices.map { Array(stored[$0 * source.userCount..<($0 + 1) * source.userCount]) }
    let weights = settings.members.map(\.weight)
    self.init(settings, members: members, scorer: BlendScorer(members, weights: weights, spreads: spreads))
  }
}

/// Loads a member of a blend from the blend's file.
private struct MemberSource: RecommenderSource {
  let whole: any RecommenderSource
  let member: Int
  let settings: ModelSettings

  init(whole: any RecommenderSource, member: Int, settings: BaselineSettings) {
    (self.whole, self.member) = (whole, member)
    var models = whole.settings
    models.baseline = settings
    self.settings = models
  }

  static func name(_ name: String, ofMember member: Int) -> String { "member-\(member)/\(name)" }

  var userCount: Int { whole.userCount }
  var itemCount: Int { whole.itemCount }
  var parameterCount: Int { whole.parameterCount }

  func floats(_ name: String, shape: Shape) throws -> Tensor {
    try whole.floats(Self.name(name, ofMember: member), shape: shape)
  }
  func shape(of name: String) throws -> [Int]? { try whole.shape(of: Self.name(name, ofMember: member)) }
  func integers(_ name: String, count: Int?) throws -> [Int32] {
    try whole.integers(Self.name(name, ofMember: member), count: count)
  }
  func refusal(_ place: String, found: String, expected: String) -> any Error {
    whole.refusal(Self.name(place, ofMember: member), found: found, expected: expected)
  }
  func vectors() throws -> RetrievalVectors { try whole.vectors() }
  func encoder() throws -> FeatureEncoder { try whole.encoder() }
  func knownCounts() throws -> [Int] { try whole.knownCounts() }
  func interactions(_ weights: BaselineSettings.Weights) throws -> InteractionMatrix {
    try whole.interactions(weights)
  }
}
