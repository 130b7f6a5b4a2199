import Foundation
import RunTestSupport
import Testing
import TestSupport
import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerRecommenders
import TwoTowerTraining

struct MatrixFactorizationRunTests {
  private let text = """
    name: factorization
    labels: binary
    matrix-factorization:
      dimension: 4
      regularization: 0.5
      gravity: 2
      report-every: 10
      training: {epochs: 25, batch-size: 0, optimizer: sgd, learning-rate: 0.5}
    """

  private func fit(_ text: String) throws -> (assessment: Assessment, records: [EpochRecord], data: TowerData) {
    let folder = try TemporaryFolder()
    let recipe = try RecipeReader(text: text, name: "test").recipe()
    var run = try Checkerboard.run(recipe, in: folder("run"))
    var records: [EpochRecord] = []
    let assessment = try run.train(
      stopSignal: { nil },
      report: { event in if case .epochEnded(let record, _) = event { records.append(record) } }, evaluating: {})
    return (assessment, records, run.data)
  }

  @Test func thePartsAreReportedEverySoManyEpochsAndAtTheEnd() throws {
    let (assessment, records, _) = try fit(text)
    #expect(records.filter { $0.factorization != nil }.map(\.epoch) == [10, 20, 25])
    #expect(records.last?.factorization == assessment.factorization)
    let before = try #require(records[9].factorization)
    // The loss of epoch 11 is that of the parameters after epoch 10: the parts add up to it.
    let sum = before.trainError + before.regularizationLoss + before.gravityLoss
    #expect(abs(records[10].loss - sum) < 1e-5, "\(records[10].loss), parts \(sum)")
    #expect(records[24].loss < records[0].loss)
  }

  @Test func theDocumentHoldsThePartsBesideTheRetrievalFigures() throws {
    let (assessment, _, _) = try fit(text)
    let json = assessment.json
    for (key, value) in [
      ("train_error", assessment.factorization?.trainError), ("test_error", assessment.factorization?.testError),
      ("regularization_loss", assessment.factorization?.regularizationLoss),
      ("gravity_loss", assessment.factorization?.gravityLoss),
    ] {
      let value = try #require(value)
      #expect(json[key] == .number(value) && value > 0, "\(key)")
    }
    #expect(json["retrieval"]?["seen_excluded"] != nil)
  }

  @Test func theErrorsAreThoseOfTheDotProducts() throws {
    let (assessment, _, data) = try fit(text.replacing("epochs: 25", with: "epochs: 1"))
    // One step from vectors close to 0: all scores are, and all labels are 1.
    let figures = try #require(assessment.factorization)
    #expect(abs(figures.trainError - 1) < 0.05 && abs(figures.testError! - 1) < 0.05)
    #expect(data.training.labels.allSatisfy { $0 == 1 })
  }

  @Test func moreGravityPullsScoresDown() throws {
    let light = try fit(text.replacing("gravity: 2", with: "gravity: 0.1")).assessment.factorization!
    let heavy = try fit(text.replacing("gravity: 2", with: "gravity: 20")).assessment.factorization!
    #expect(light.trainError < heavy.trainError)
  }

  @Test func validationRowsDecideWhenToStop() throws {
    let (_, records, data) = try fit("validation: {share: 0.2, patience: 2}\n" + text)
    #expect(data.validation.count > 0)
    #expect(records.allSatisfy { ($0.validation ?? 1) <= 0 })
  }
}
