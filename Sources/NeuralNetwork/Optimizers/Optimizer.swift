import TwoTowerAutodiff
import TwoTowerKernels

/// Changes parameters by their gradients.
///
/// A parameter without a gradient is left alone. Of an embedding table only the rows that the step touched change,
/// and only their state: momenta and weight decay of the other rows stand still until their next turn ("lazy").
package protocol Optimizer: AnyObject {
  /// One update of every trainable parameter that has a gradient. Gradients are left as they are.
  ///
  /// - Precondition: parameter names are unique.
  func step(_ parameters: [Parameter], learningRate: Float)

  /// A copy of everything that the next step depends on.
  var state: OptimizerState { get }

  /// Continues from `state` as if this optimiser had made its steps, bit for bit.
  ///
  /// - Throws: `OptimizerStateError` where `state` does not fit `parameters`; nothing has changed then.
  func restore(_ state: OptimizerState, for parameters: [Parameter]) throws
}

extension Parameter {
  /// The gradient's elements with the rows they belong to; rows nil means the whole.
  ///
  /// Nil when nothing was touched.
  var update: (gradient: FloatBuffer, count: Int, rows: [Int32]?, width: Int)? {
    guard isTrainable else { return nil }
    switch gradient {
    case .none: return nil
    case .dense(let tensor): return (tensor.buffer, tensor.count, nil, 1)
    case .rows(let rows):
      guard !rows.indices.isEmpty else { return nil }
      return (rows.values, rows.indices.count * rows.width, rows.indices, rows.width)
    }
  }
}
