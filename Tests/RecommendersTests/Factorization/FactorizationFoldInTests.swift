import Testing
import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerRecommenders

struct FactorizationFoldInTests {
  private func settings(regularization: Float = 0, gravity: Float = 0) -> MatrixFactorizationSettings {
    var settings = MatrixFactorizationSettings()
    (settings.regularization, settings.gravity) = (regularization, gravity)
    return settings
  }

  private func dot(_ left: [Float], _ right: [Float]) -> Double {
    zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  @Test func noSmallStepLowersTheLoss() {
    var generator = SeededGenerator(seed: 5, purpose: .sample)
    let items = Tensor([30, 4], (0..<120).map { _ in generator.uniform() - 0.5 })
    let (liked, labels): ([Int32], [Float]) = ([0, 3, 4, 9, 17], [1, 0.2, 0.7, 1, 0.1])
    let (users, rows, regularization, gravity) = (10, 200, 0.5, 2.0)
    let fold = FactorizationFoldIn(
      items: items, settings: settings(regularization: Float(regularization), gravity: Float(gravity)),
      userCount: users, trainingRowCount: rows)
    let query = fold.query(items: liked, labels: labels).array
    // The model's loss as far as this user is in it, the slow way.
    func loss(_ vector: [Float]) -> Double {
      let errors = zip(liked, labels).reduce(0.0) { sum, entry in
        let error = dot(vector, items.row(Int(entry.0)).array) - Double(entry.1)
        return sum + error * error
      }
      let scores = (0..<30).reduce(0.0) { sum, item in
        let score = dot(vector, items.row(item).array)
        return sum + score * score
      }
      return errors / Double(rows) + regularization / Double(users) * dot(vector, vector)
        + gravity / Double(users * 30) * scores
    }
    for axis in 0..<4 {
      for step: Float in [-0.01, 0.01] {
        var moved = query
        moved[axis] += step
        #expect(loss(moved) > loss(query))
      }
    }
  }

  @Test func withoutPenaltiesTheShortestFittingVectorIsTaken() {
    let fold = FactorizationFoldIn(
      items: Tensor([2, 3], [2, 0, 0, 0, 4, 0]), settings: settings(), userCount: 5, trainingRowCount: 50)
    let query = fold.query(items: [0, 1], labels: [1, 2]).array
    #expect(zip(query, [0.5, 0.5, 0] as [Float]).allSatisfy { abs($0 - $1) < 1e-3 })
    #expect(fold.query(items: [], labels: []).array == [0, 0, 0], "who has nothing is nowhere")
  }

  @Test func whatIsNotFiniteStaysSo() {
    let fold = FactorizationFoldIn(
      items: Tensor([1, 2], [.nan, 1]), settings: settings(), userCount: 1, trainingRowCount: 1)
    #expect(fold.query(items: [0], labels: [1]).array.allSatisfy { $0.isNaN })
  }
}
