import Foundation

/// Writes the row-wise softmax of `logits` `[labels.count, classes]` and returns Σ over rows of −log p[label].
///
/// The largest logit is subtracted first: any finite logits give a finite result.
///
/// - Precondition: every label is in 0..<classes; equal counts.
package func softmaxCrossEntropy(
  _ logits: Span<Float>, labels: Span<Int32>, classes: Int, probabilities: inout MutableSpan<Float>
) -> Double {
  let rows = labels.count
  precondition(
    logits.count == rows * classes && probabilities.count == logits.count,
    "softmaxCrossEntropy: counts \(logits.count) into \(probabilities.count) are not [\(rows), \(classes)]")
  checkRows("softmaxCrossEntropy, labels", labels, rowCount: classes)
  var losses = [Double](repeating: 0, count: rows)
  labels.withUnsafeBufferPointer { labels in
    losses.withUnsafeMutableBufferPointer { losses in
      let losses = losses.baseAddress
      withPointers(logits, logits, &probabilities) { logits, _, probabilities in
        guard let losses else { return }
        parallelForEach(count: rows, chunkSize: max(1, 4096 / max(classes, 1))) { range in
          for r in range {
            losses[r] = softmaxRow(
              logits + r &* classes, label: Int(labels[r]), classes, into: probabilities + r &* classes)
          }
        }
      }
    }
  }
  return losses.reduce(0, +)
}

/// Softmax of one row; returns −log p[label].
private func softmaxRow(
  _ logits: UnsafePointer<Float>, label: Int, _ classes: Int, into probabilities: UnsafeMutablePointer<Float>
) -> Double {
  var largest = -Float.infinity
  for c in 0..<classes { largest = logits[c] > largest ? logits[c] : largest }
  var total = 0.0
  for c in 0..<classes {
    let e = expf(logits[c] - largest)
    probabilities[c] = e
    total += Double(e)
  }
  let inverse = Float(1 / total)
  for c in 0..<classes { probabilities[c] *= inverse }
  return log(total) - Double(logits[label] - largest)
}
