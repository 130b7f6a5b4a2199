import TwoTowerKernels

/// A named tensor that training changes, with its accumulated gradient.
package final class Parameter {
  package let name: String
  package let value: Tensor
  package var isTrainable = true

  /// What `backward` added since the last `clearGradient`.
  package private(set) var gradient = Gradient.none

  package enum Gradient {
    case none
    case dense(Tensor)
    case rows(RowGradient)
  }

  package init(name: String, value: Tensor) {
    self.name = name
    self.value = value
  }

  package func clearGradient() {
    switch gradient {
    case .none: break
    case .dense: gradient = .none
    case .rows(let rows): rows.clear()
    }
  }

  /// The dense gradient to add into.
  ///
  /// What rows have received before is moved into it.
  func denseGradient() -> Tensor {
    if case .dense(let tensor) = gradient { return tensor }
    let fresh = Tensor(zeros: value.shape)
    if case .rows(let rows) = gradient, !rows.indices.isEmpty {
      let (values, indices) = (rows.values, rows.indices)
      var span = fresh.buffer.mutableSpan
      scatterAddRows(
        values.span.extracting(first: indices.count * rows.width), rows: indices.span, width: rows.width, into: &span)
    }
    gradient = .dense(fresh)
    return fresh
  }

  /// The dense gradient to add `gradient` to; nil where there was none yet and `gradient` has become it.
  func gradientToAddTo(orAdopting gradient: Tensor) -> Tensor? {
    guard case .none = self.gradient else { return denseGradient() }
    self.gradient = .dense(gradient)
    return nil
  }

  /// Where to add the gradients of `rows`: row `slots[i]` of `buffer` is the gradient of row `rows[i]`.
  ///
  /// Row-sparse, unless the parameter is used whole in the same step.
  ///
  /// - Precondition: rank 2, every row exists.
  func gradientRows(for rows: [Int32]) -> (buffer: FloatBuffer, slots: [Int32]) {
    switch gradient {
    case .dense(let tensor): return (tensor.buffer, rows)
    case .rows(let known):
      let slots = known.slots(for: rows)
      return (known.values, slots)
    case .none:
      precondition(value.shape.rank == 2, "Parameter \(name): rows of shape \(value.shape)")
      let fresh = RowGradient(rowCount: value.shape[0], width: value.shape[1])
      gradient = .rows(fresh)
      let slots = fresh.slots(for: rows)
      return (fresh.values, slots)
    }
  }
}
