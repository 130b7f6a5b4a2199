import Kernels

/// A named tensor that training changes, with its accumulated gradient.
public final class Parameter {
  public let name: String
  public let value: Tensor
  public var isTrainable = true

  /// What `backward` added since the last `clearGradient`.
  public private(set) var gradient = Gradient.none

  public enum Gradient {
    case none
    case dense(Tensor)
    case rows(RowGradient)
  }

  public init(name: String, value: Tensor) {
    self.name = name
    self.value = value
  }

  public func clearGradient() {
    switch gradient {
    case .none: break
    case .dense: gradient = .none
    case .rows(let rows): rows.clear()
    }
  }

  /// The dense gradient to add into.
  ///
  /// - Precondition: the parameter is not used row-wise in the same step.
  func denseGradient() -> Tensor {
    switch gradient {
    case .dense(let tensor): return tensor
    case .none:
      let fresh = Tensor(zeros: value.shape)
      gradient = .dense(fresh)
      return fresh
    case .rows: preconditionFailure("Parameter \(name): used both whole and by rows")
    }
  }

  /// The row-sparse gradient to add into. Used whole and by rows in one step, a parameter's gradient is dense.
  ///
  /// - Precondition: rank 2, and not used whole in the same step.
  func rowGradient() -> RowGradient {
    switch gradient {
    case .rows(let rows): return rows
    case .none:
      precondition(value.shape.rank == 2, "Parameter \(name): rows of shape \(value.shape)")
      let fresh = RowGradient(rowCount: value.shape[0], width: value.shape[1])
      gradient = .rows(fresh)
      return fresh
    case .dense: preconditionFailure("Parameter \(name): used both whole and by rows")
    }
  }
}
