import Foundation
import Testing
import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerNeuralNetwork
import TwoTowerRecommenders

struct PairwiseLossTests {
  private let data: TowerData

  init() throws { data = try smallTowerData() }

  private func model(_ change: (inout RetrievalSettings) -> Void = { _ in }) throws -> RetrievalModel {
    var settings = RetrievalSettings()
    settings.loss = .pairwise
    settings.queryTower = TowerSettings(features: [InputSettings(feature: .userIdentifier, dimension: 5, initialDeviation: 1)])
    settings.candidateTower = TowerSettings(
      features: [InputSettings(feature: .itemIdentifier, dimension: 5, initialDeviation: 1)])
    change(&settings)
    var tables: [String: Parameter] = [:]
    return try RetrievalModel(
      settings: settings, features: data.featuresByName, trainingCounts: data.trainingCounts,
      history: data.trainingHistory, tables: &tables, seed: 3)
  }

  private func loss(_ model: RetrievalModel, on tape: Tape) -> Variable {
    model.loss(queries: data.training.users, candidates: data.training.items, trainingRows: data.trainingRows, on: tape)
  }

  @Test(arguments: RetrievalSettings.Negatives.allCases, [1, 3])
  func theLossIsTheHandWrittenOne(negatives: RetrievalSettings.Negatives, count: Int) throws {
    for reduction in [Reduction.mean, .sum] {
      for similarity in RetrievalSettings.Similarity.allCases {
        let model = try model {
          ($0.negatives, $0.negativeCount, $0.reduction) = (negatives, count, reduction)
          ($0.similarity, $0.temperature) = (similarity, 0.4)
        }
        let tape = Tape(seed: 9, epoch: 2, step: 4)
        var generator = Tape(seed: 9, epoch: 2, step: 4).generator(for: .negatives)
        let drawn = NegativeSampler(negatives, candidateCount: data.itemCount, history: data.trainingHistory)
          .draw(count, queries: data.training.users, positives: data.training.items, using: &generator)
        let queries = model.queryEmbeddings(count: data.userCount).rows
        let candidates = model.candidateEmbeddings(count: data.itemCount).rows
        var expected = 0.0
        for (pair, negative) in drawn.enumerated() {
          let (user, item) = (data.training.users[pair / count], data.training.items[pair / count])
          #expect(!zip(data.training.users, data.training.items).contains { $0 == (user, negative) })
          func score(_ candidate: Int32) -> Double {
            zip(queries[Int(user)], candidates[Int(candidate)]).reduce(0) { $0 + Double($1.0) * Double($1.1) } / 0.4
          }
          expected += log(1 + exp(score(negative) - score(item)))
        }
        if reduction == .mean { expected /= Double(drawn.count) }
        let found = Double(loss(model, on: tape).value.item)
        #expect(abs(found - expected) < 1e-4 * max(1, expected), "\(similarity), \(reduction): \(found), \(expected)")
      }
    }
  }

  @Test func negativesChangeWithSeedEpochAndStep() throws {
    let model = try model()
    let losses = [(1, 0, 0), (2, 0, 0), (1, 1, 0), (1, 0, 1)].map { seed, epoch, step in
      loss(model, on: Tape(seed: UInt64(seed), epoch: epoch, step: step)).value.item
    }
    #expect(Set(losses).count == losses.count, "\(losses)")
    #expect(losses[0] == loss(model, on: Tape(seed: 1)).value.item)
  }

  @Test func bothTowersLearn() throws {
    let model = try model()
    let optimizer = SGD()
    let tape = { Tape(isTraining: true, seed: 1) }
    let before = loss(model, on: tape())
    before.tape.discard()
    for _ in 0..<30 {
      let value = loss(model, on: tape())
      value.tape.backward(from: value)
      #expect(model.parameters.count == 2 && model.parameters.allSatisfy { $0.hasGradient })
      optimizer.step(model.parameters, learningRate: 1)
      for parameter in model.parameters { parameter.clearGradient() }
    }
    let after = loss(model, on: Tape(seed: 1)).value.item
    #expect(after < 0.5 * before.value.item, "\(before.value.item) to \(after)")
  }
}
