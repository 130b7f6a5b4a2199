import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders
import TwoTowerRuns
import TwoTowerTraining

/// What every kind of recommender promises: a new one is tested without a new line here.
struct RecommenderContractTests {
  private static let kinds = recommenderTypes.map { $0.kind }
  /// What the section of a kind needs to learn so small a set, beside what any kind's defaults do.
  private static let needed = [
    TwoTowerRecommender.kind: """
      {query-tower: {features: [{feature: history, dimension: 6}], hidden-layers: [8, 6]},
       candidate-tower: {features: [{feature: item-id, dimension: 6, initial-deviation: 0.1}]},
       similarity: cosine, temperature: 0.3, mask: history, training: {epochs: 20, learning-rate: 0.02}}
      """,
    TowersBlend.kind: """
      {query-tower: {features: [{feature: history, dimension: 6}], hidden-layers: [8, 6]},
       candidate-tower: {features: [{feature: item-id, dimension: 6, initial-deviation: 0.1}]},
       similarity: cosine, temperature: 0.3, mask: history, training: {epochs: 20, learning-rate: 0.02}}
      baseline: {kind: blend, towers-weight: 2, members: [{kind: item-neighbors}, {kind: ease, weight: 0.5}]}
      """,
    MatrixFactorizationRecommender.kind: """
      {dimension: 6, initial-deviation: 0.1, gravity: 1,
       training: {epochs: 300, batch-size: 0, optimizer: sgd, learning-rate: 1}}
      """,
  ]

  /// A recommender that was fitted on the checkerboard and saved.
  private struct Fitted {
    let recommender: any Recommender
    let recipe: Recipe
    let data: TowerData
    /// The users of the data as people, known by the items of their training rows.
    let people: EncodedPeople
    let folder: TemporaryFolder
    /// The parameters that a loaded recommender may ask for.
    let queryParameters: [String]

    var path: String { folder("run") }

    init(_ kind: String) throws {
      let name = kind == TowersBlend.kind ? TwoTowerRecommender.kind : kind
      let section = BaselineSettings(kind: kind) == nil
        ? "\(name): \(RecommenderContractTests.needed[kind] ?? "{}")" : "baseline: {kind: \(kind)}"
      recipe = try RunTestSupport.recipe("name: contract\nlabels: log\n\(section)")
      data = try Checkerboard.data(for: recipe)
      let outcome = try train(recipe, data: data)
      recommender = try #require(
        outcome.models.recommender(on: data, beside: try recipe.baseline?.fit(on: data, seed: recipe.seed)))
      people = data.encoder.encode(histories: data.trainingHistory.withWeights())
      queryParameters = outcome.models.retrieval?.queryTower.parameters.map(\.name) ?? []
      folder = try TemporaryFolder()
      var contents = RunContents(
        record: RunRecord(
          isFinished: true, dataset: "checkerboard", files: [], seed: recipe.seed,
          counts: [
            "users": data.userCount, "items": data.itemCount, "recommender_parameters": recommender.parameterCount,
          ]),
        recipe: try recipe.yaml, settings: recipe.models, data: data, parameters: outcome.state.parameters, history: "")
      contents.recommender = recommender
      contents.vectors = try recommender.storedVectors(foldingIn: data.encoder.encode(histories: data.givenHistory))
      try contents.write(to: folder("run"), replacing: false)
    }

    func loaded() throws -> any Recommender {
      let run = try RunFolder(opening: path)
      return try #require(try run.recommender(run.settings()) { try run.data() })
    }
  }

  /// The scores of all users with all items, `[userCount][itemCount]`.
  private func scores(_ scorer: any CandidateScorer) -> [[Float]] {
    (0..<Int32(scorer.userCount)).map { user in
      scorer.scores(of: user, items: Array(0..<Int32(scorer.candidateCount))).map(\.score)
    }
  }

  private func bits(_ scorer: any CandidateScorer) -> [[UInt32]] { scores(scorer).map { $0.map(\.bitPattern) } }

  private func isClose(_ left: [[Float]], _ right: [[Float]]) -> Bool {
    let scale = left.joined().map(abs).max() ?? 0
    return zip(left.joined(), right.joined()).allSatisfy { abs($0 - $1) <= 1e-4 * scale }
  }

  @Test(arguments: kinds) func scoresAreFiniteAndOfTheWholeCatalogue(kind: String) throws {
    let fitted = try Fitted(kind)
    let model = fitted.recommender
    #expect(type(of: model).kind == kind)
    #expect(model.userCount == fitted.data.userCount && model.itemCount == fitted.data.itemCount)
    #expect(model.parameterCount > 0)
    let people = try model.scorer(for: fitted.people)
    #expect(people.userCount == fitted.people.count && people.candidateCount == fitted.data.itemCount)
    for scores in [scores(model.scorer), scores(people)] {
      #expect(scores.count == fitted.data.userCount && scores.joined().allSatisfy { $0.isFinite })
      #expect(scores.allSatisfy { $0.count == fitted.data.itemCount })
    }
    // Nobody, and people who have nothing.
    #expect(try model.scorer(for: fitted.data.encoder.encode(histories: SparseRows())).userCount == 0)
    let nothing = try model.scorer(for: fitted.data.encoder.encode(histories: SparseRows(emptyRows: 2)))
    #expect(scores(nothing).joined().allSatisfy { $0.isFinite })
  }

  @Test(arguments: kinds) func whatIsLoadedScoresBitForBit(kind: String) throws {
    let fitted = try Fitted(kind)
    let loaded = try fitted.loaded()
    #expect(bits(loaded.scorer) == bits(fitted.recommender.scorer))
    #expect(try bits(loaded.scorer(for: fitted.people)) == bits(fitted.recommender.scorer(for: fitted.people)))
    #expect(loaded.parameterCount == fitted.recommender.parameterCount)
    #expect(loaded.vectors?.queries.array == fitted.recommender.vectors?.queries.array)
    #expect(loaded.vectors?.candidates.array == fitted.recommender.vectors?.candidates.array)
    #expect(Set(loaded.tensors.keys) == Set(fitted.recommender.tensors.keys))
  }

  /// Kinds that know users by what they have alone: those without a vector for each, and towers of histories.
  @Test(arguments: kinds) func peopleAreTheUsersWhoHaveTheSame(kind: String) throws {
    let fitted = try Fitted(kind)
    // A blend has iALS among its members, whose users are what its iterations left.
    let knowsHistories =
      fitted.recipe.retrieval?.model.knowsUsersByHistoryAlone
      ?? (fitted.recommender.vectors == nil && kind != Blend.kind)
    let (users, people) = (scores(fitted.recommender.scorer), scores(try fitted.recommender.scorer(for: fitted.people)))
    if knowsHistories {
      #expect(isClose(users, people))
    } else {
      // Folded in, they stand beside those with the same taste: the items of their colour score higher.
      for scores in people.enumerated() {
        let colours = (0..<2).map { colour in
          scores.element.indices.filter { $0 % 2 == colour }.reduce(Float(0)) { $0 + scores.element[$1] }
        }
        #expect(colours[scores.offset % 2] > colours[1 - scores.offset % 2], "person \(scores.offset)")
      }
    }
  }

  @Test(arguments: kinds) func scoresAreTheProductsOfTheVectors(kind: String) throws {
    let fitted = try Fitted(kind)
    let peoplesVectors = try fitted.recommender.vectors(of: fitted.people)
    guard let vectors = fitted.recommender.vectors else {
      #expect(peoplesVectors == nil, "a kind without vectors has none of people either")
      return
    }
    let queries = try #require(peoplesVectors)
    #expect(queries.shape == [fitted.people.count, vectors.candidates.shape[1]])
    func products(_ queries: Tensor) -> [[Float]] {
      (0..<queries.shape[0]).map { user in
        (0..<fitted.data.itemCount).map { item in
          zip(queries.row(user).array, vectors.candidates.row(item).array).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        }
      }
    }
    #expect(isClose(scores(fitted.recommender.scorer), products(vectors.queries)))
    #expect(isClose(scores(try fitted.recommender.scorer(for: fitted.people)), products(queries)))
  }

  @Test(arguments: kinds) func damagedTensorsAreRefused(kind: String) throws {
    let fitted = try Fitted(kind)
    let own = fitted.recommender.tensors.keys.map { ("model.safetensors", $0) }
    // What is trained step by step is loaded by its vectors, and by its tower where people ask.
    let trained = ["query_embeddings", "candidate_embeddings"].map { ("embeddings.safetensors", $0) }
      + fitted.queryParameters.map { ("model.safetensors", $0) }
    for (name, tensor) in own.isEmpty ? trained : own.sorted(by: <) {
      let path = "\(fitted.path)/\(name)"
      let whole = try SafetensorsFile(bytes: contents(of: path), path: path)
      let tensors = try Dictionary(uniqueKeysWithValues: whole.names.map { ($0, try whole.storedTensor($0)) })
      let good = try #require(tensors[tensor])
      var damages: [StoredTensor?] = [nil, StoredTensor([Int32](repeating: -1, count: good.count + 1))]
      if whole.elementType(of: tensor) != .int32 {
        let shape = try whole.tensor(tensor).shape
        damages.append(StoredTensor(Tensor(shape, [Float](repeating: .nan, count: shape.count))))
        damages.append(StoredTensor(Tensor(zeros: [good.count + 1])))
      } else {
        damages.append(StoredTensor([Int32](repeating: .max, count: good.count)))
      }
      for (place, damage) in damages.enumerated() {
        var changed = tensors
        changed[tensor] = damage
        try SafetensorsFile.write(changed, metadata: whole.metadata, to: path)
        try Manifest.write(in: fitted.path)
        #expect(throws: (any Error).self, "\(tensor), damage \(place)") {
          _ = try fitted.loaded().scorer(for: fitted.people)
        }
      }
      try SafetensorsFile.write(tensors, metadata: whole.metadata, to: path)
      try Manifest.write(in: fitted.path)
    }
    #expect(throws: Never.self) { try fitted.loaded().scorer(for: fitted.people) }
  }
}
