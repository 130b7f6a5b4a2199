import Testing
import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels
import TwoTowerRecommenders

/// Vectors of identifiers with those of their neighbours in the graph.
struct PropagationTests {
  private let data: TowerData

  init() throws { data = try smallTowerData() }

  private func model(hops: Int, loss: RetrievalSettings.Loss = .userSoftmax) throws -> RetrievalModel {
    var settings = RetrievalSettings()
    settings.queryTower = TowerSettings(features: [
      InputSettings(feature: .userIdentifier, dimension: 5, initialDeviation: 0.7)
    ])
    settings.candidateTower = TowerSettings(features: [
      InputSettings(feature: .itemIdentifier, dimension: 5, initialDeviation: 0.7)
    ])
    (settings.loss, settings.propagationHops, settings.mask) = (loss, hops, .nothing)
    var tables: [String: Parameter] = [:]
    return try RetrievalModel(
      settings: settings, features: data.featuresByName, trainingCounts: data.trainingCounts,
      history: data.trainingHistory, tables: &tables, seed: 3)
  }

  /// By its definition: powers of the dense, symmetrically normalised adjacency matrix of users and items.
  @Test(arguments: 0...3)
  func vectorsAreSumsOfPowersOfTheGraph(hops: Int) throws {
    let alone = try model(hops: 0)
    let nodes =
      alone.queryEmbeddings(count: data.userCount).rows + alone.candidateEmbeddings(count: data.itemCount).rows
    var isJoined = [[Bool]](repeating: [Bool](repeating: false, count: nodes.count), count: nodes.count)
    for (user, item) in zip(data.training.users, data.training.items) {
      isJoined[Int(user)][data.userCount + Int(item)] = true
      isJoined[data.userCount + Int(item)][Int(user)] = true
    }
    let degrees = isJoined.map { Double($0.count { $0 }) }
    var step = nodes.map { $0.map(Double.init) }
    var sum = step
    for _ in 0..<hops {
      step = nodes.indices.map { node in
        var values = [Double](repeating: 0, count: 5)
        for other in nodes.indices where isJoined[node][other] {
          let weight = 1 / (degrees[node] * degrees[other]).squareRoot()
          for column in values.indices { values[column] += weight * step[other][column] }
        }
        return values
      }
      for node in nodes.indices { for column in 0..<5 { sum[node][column] += step[node][column] } }
    }
    let propagated = try model(hops: hops)
    let found =
      propagated.queryEmbeddings(count: data.userCount).rows
      + propagated.candidateEmbeddings(count: data.itemCount).rows
    for (found, expected) in zip(found, sum) {
      #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 })
    }
  }

  /// A step moves the tables of those who are joined to the batch, not of the batch alone; all losses take it.
  @Test(arguments: [RetrievalSettings.Loss.userSoftmax, .inBatchSoftmax, .fullSoftmax, .pairwise])
  func theGradientReachesNeighbours(loss: RetrievalSettings.Loss) throws {
    let user = data.training.users[0]
    func touchedUsers(hops: Int) throws -> Int {
      let model = try model(hops: hops, loss: loss)
      let tape = Tape(isTraining: true, seed: 1)
      let value =
        loss == .userSoftmax
        ? model.loss(users: [user], on: tape)
        : model.loss(queries: [user], candidates: [data.training.items[0]], trainingRows: [0], on: tape)
      tape.backward(from: value)
      let table = try #require(model.parameters.first { $0.name.hasSuffix("user-id") })
      switch table.gradient {
      case .rows(let rows):
        let values = rows.values.array
        return rows.indices.indices.count { slot in
          values[slot * rows.width..<(slot + 1) * rows.width].contains { $0 != 0 }
        }
      case .dense, .none: return 0
      }
    }
    #expect(try touchedUsers(hops: 0) <= 1)
    // In a batch of one row there is nothing to compare with, and no gradient.
    if loss != .inBatchSoftmax { #expect(try touchedUsers(hops: 2) > 1) }
  }
}
