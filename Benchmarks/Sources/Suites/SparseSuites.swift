import TwoTowerKernels

// The tables are larger than any cache, and rows are drawn at random: these kernels wait for memory.

extension Suite {
  static let embeddingBag = Suite(
    name: "embedding-bag", summary: "Weighted sums of 20 rows of a table, and their gradients into the table."
  ) { session in
    let (rowCount, width) = (session.scale(1_000_000, quick: 20_000), 64)
    let (bagCount, bagSize) = (session.scale(8_192, quick: 512), 20)
    let table = randomBuffer(rowCount * width, seed: 10)
    let (sums, gradients) = (FloatBuffer(zeros: bagCount * width), FloatBuffer(zeros: rowCount * width))
    let offsets = (0...Int32(bagCount)).map { $0 * Int32(bagSize) }
    let indices = popularItems(bagCount * bagSize, of: rowCount, seed: 11)
    let weights = [Float](repeating: 0.05, count: indices.count)
    let rowBytes = Double(4 * width)
    let entries = Double(indices.count)
    var cases: [Case] = []
    for threads in session.threadCounts {
      cases.append(
        Case(
          name: "sums, \(bagCount) bags, d \(width)", threads: threads, work: rowBytes * (entries + Double(bagCount)),
          unit: .bytes, reference: .bandwidth
        ) {
          var out = sums.mutableSpan
          sumBags(
            table.span, offsets: offsets.span, indices: indices.span, weights: weights.span, width: width, into: &out)
        })
      cases.append(
        Case(
          name: "gradients, \(bagCount) bags, d \(width)", threads: threads,
          work: rowBytes * (2 * entries + Double(bagCount)), unit: .bytes, reference: .bandwidth
        ) {
          var out = gradients.mutableSpan
          addBagGradients(
            sums.span, offsets: offsets.span, indices: indices.span, weights: weights.span, width: width, into: &out)
        })
    }
    try session.measure(cases)
  }

  static let optimizers = Suite(
    name: "optimizers", summary: "One step on some rows of a table; bytes of weights, state and gradient, read and written."
  ) { session in
    let (rowCount, width) = (session.scale(1_000_000, quick: 20_000), 64)
    let rows = distinctRows(session.scale(32_768, quick: 2_048), of: rowCount, seed: 12)
    let weights = randomBuffer(rowCount * width, seed: 13)
    let (first, second) = (FloatBuffer(zeros: rowCount * width), FloatBuffer(zeros: rowCount * width))
    let gradient = randomBuffer(rows.count * width, seed: 14)
    let touched = Double(rows.count * width * 4)
    let step = AdamStep(
      beta1: 0.9, beta2: 0.999, epsilon: 1e-8, rate: 1e-3, secondMomentScale: 1, decay: 0, shrinkage: 1)
    var cases: [Case] = []
    for threads in session.threadCounts {
      cases.append(
        Case(
          name: "Adagrad, \(rows.count) rows, d \(width)", threads: threads, work: 5 * touched, unit: .bytes,
          reference: .bandwidth
        ) {
          var w = weights.mutableSpan
          var a = second.mutableSpan
          updateWithAdagrad(
            &w, accumulator: &a, gradient: gradient.span, rows: rows, width: width, rate: 1e-3, epsilon: 1e-7, decay: 0)
        })
      cases.append(
        Case(
          name: "Adam, \(rows.count) rows, d \(width)", threads: threads, work: 7 * touched, unit: .bytes,
          reference: .bandwidth
        ) {
          var w = weights.mutableSpan
          var m = first.mutableSpan
          var v = second.mutableSpan
          updateWithAdam(
            &w, firstMoment: &m, secondMoment: &v, gradient: gradient.span, rows: rows, width: width, step: step)
        })
    }
    try session.measure(cases)
  }
}
