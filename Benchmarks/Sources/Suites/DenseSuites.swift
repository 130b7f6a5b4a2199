import TwoTowerAutodiff
import TwoTowerKernels
import TwoTowerNeuralNetwork
import TwoTowerRecommenders
import TwoTowerTraining

extension Suite {
  /// How far our own chunks on our own threads are from what OpenBLAS makes of all of them.
  static let sgemm = Suite(name: "sgemm", summary: "The matrix product that all other rates are compared with.") {
    session in
    let n = 1024
    let (a, b, c) = (randomBuffer(n * n, seed: 1), randomBuffer(n * n, seed: 2), FloatBuffer(zeros: n * n))
    try session.measure(
      session.threadCounts.map { threads in
        Case(
          name: "matrixMultiply 1024³", threads: threads, work: 2 * Double(n * n * n), unit: .operations,
          reference: .sgemm
        ) {
          var out = c.mutableSpan
          matrixMultiply(a.span, b.span, into: &out, rows: n, columns: n, inner: n)
        }
      })
  }

  static let retrievalLoss = Suite(
    name: "retrieval-loss",
    summary: "In-batch softmax with both gradients, temperature and sampling correction; 6·B²·d operations a call."
  ) { session in
    let batchSize = session.scale(10_000, quick: 1_000)
    var cases: [Case] = []
    for dimension in [32, 128] {
      let count = batchSize * dimension
      let (queries, candidates) = (randomBuffer(count, seed: 7), randomBuffer(count, seed: 8))
      let (queryGradients, candidateGradients) = (FloatBuffer(zeros: count), FloatBuffer(zeros: count))
      var problem = RetrievalSoftmax(
        positiveColumns: (0..<Int32(batchSize)).map { $0 }, candidateCount: batchSize, dimension: dimension)
      problem.scale = 5
      problem.corrections = randomBuffer(batchSize, seed: 9).array
      cases += session.threadCounts.map { [problem] threads in
        Case(
          name: "B \(batchSize), d \(dimension)", threads: threads,
          work: 6 * Double(batchSize) * Double(batchSize) * Double(dimension), unit: .operations, reference: .sgemm
        ) {
          _ = problem.loss(
            queries: queries, candidates: candidates, queryGradients: queryGradients,
            candidateGradients: candidateGradients, gradientScale: 1e-6)
        }
      }
    }
    try session.measure(cases)
  }

  /// Whether steps after the first epoch need memory that the first did not.
  static let steadyMemory = Suite(
    name: "steady-memory", summary: "The reference job's sizes: does the peak stay where the first epoch left it?"
  ) { session in
    let rows = session.scale(62_000, quick: 6_000)
    let data = TowerData.madeUp(users: 1_892, items: 17_632, rows: rows)
    let recipe = Recipe.identifiersOnly(
      dimension: 32, batchSize: session.scale(10_000, quick: 1_000), optimizer: .adagrad, epochs: 20)
    var trainer = Trainer(recipe: recipe, data: data, models: try ModelSet(recipe.models, data: data))
    var peaks: [Int] = []
    trainer.report = { event in if case .epochEnded = event { peaks.append(Machine.peakBytes) } }
    try session.stage("20 epochs", work: Double(20 * rows), unit: .rows) {
      var state = TrainingState()
      try trainer.run(from: &state)
    }
    let shown = [0, 1, 9, 19].map { "\($0 + 1): \(String(format: "%.1f", Double(peaks[$0]) / 1e6)) MB" }
    session.remark("Peak memory after epoch " + shown.joined(separator: ", ") + ".")
  }

  /// Training steps against a whole catalogue, towers and optimiser included.
  static func fullSoftmax(_ optimizer: TrainingSettings.OptimizerName) -> Suite {
    Suite(
      name: "full-softmax-\(optimizer.rawValue)",
      summary: "A step against the whole catalogue: towers, loss, both gradients, optimiser; counted as 6·B·C·d."
    ) { session in
      let itemCount = session.scale(1_000_000, quick: 20_000)
      let (batchSize, dimension) = (1024, 64)
      let data = TowerData.madeUp(users: session.scale(100_000, quick: 1_000), items: itemCount, rows: batchSize)
      let recipe = Recipe.identifiersOnly(dimension: dimension, batchSize: batchSize, loss: .fullSoftmax)
      guard let model = try ModelSet(recipe.models, data: data).retrieval else { return }
      let update: any Optimizer = optimizer == .adam ? Adam() : Adagrad()
      let step = Case(
        name: "B \(batchSize), \(itemCount) artists, d \(dimension)", threads: session.allThreads,
        work: 6 * Double(batchSize) * Double(itemCount) * Double(dimension), unit: .operations, reference: .sgemm
      ) {
        let tape = Tape(isTraining: true)
        let loss = model.loss(
          queries: data.training.users, candidates: data.training.items, trainingRows: [], on: tape)
        tape.backward(from: loss)
        update.step(model.parameters, learningRate: 0.003)
        for parameter in model.parameters { parameter.clearGradient() }
      }
      try session.measure([step], rounds: 5)
    }
  }
}
