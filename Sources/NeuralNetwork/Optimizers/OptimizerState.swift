import TwoTowerAutodiff
import TwoTowerFiles
import TwoTowerKernels

/// The state of an optimiser, to be stored beside the parameters.
package struct OptimizerState: Sendable {
  /// The number of steps made.
  package var stepCount: Int
  /// By "parameter name/what", each of the parameter's shape.
  ///
  /// A parameter that was never updated has none.
  package var tensors: [String: Tensor]

  package init(stepCount: Int = 0, tensors: [String: Tensor] = [:]) {
    self.stepCount = stepCount
    self.tensors = tensors
  }
}

package enum OptimizerStateError: UserFacingError, Equatable {
  case missing(String)
  case unexpected(String)
  case shape(String, found: Shape, expected: Shape)
  case stepCount(Int)

  package var description: String {
    switch self {
    case .missing(let name): "optimiser state: tensor \(name) is missing"
    case .unexpected(let name): "optimiser state: tensor \(name) belongs to no parameter of this model and optimiser"
    case .shape(let name, let found, let expected):
      "optimiser state: tensor \(name) has shape \(found), expected \(expected)"
    case .stepCount(let count): "optimiser state: step count \(count) is negative"
    }
  }
}

/// The state tensors of an optimiser: for each parameter one buffer per kind, made at its first update.
struct StateTensors {
  let kinds: [String]
  let initialValue: Float
  private var buffers: [String: [Tensor]] = [:]

  init(kinds: [String], initialValue: Float = 0) {
    self.kinds = kinds
    self.initialValue = initialValue
  }

  /// The buffers of `parameter`, in the order of `kinds`.
  mutating func of(_ parameter: Parameter) -> [FloatBuffer] {
    if let known = buffers[parameter.name] {
      precondition(
        known.allSatisfy { $0.shape == parameter.value.shape },
        "Optimizer: state of \(known.map(\.shape)) for parameter \(parameter.name) \(parameter.value.shape)")
      return known.map(\.buffer)
    }
    let fresh = kinds.map { _ in
      let tensor = Tensor(zeros: parameter.value.shape)
      var span = tensor.buffer.mutableSpan
      if initialValue != 0 { addConstant(initialValue, into: &span) }
      return tensor
    }
    buffers[parameter.name] = fresh
    return fresh.map(\.buffer)
  }

  /// Copies of all tensors, by name.
  var copies: [String: Tensor] {
    var copies: [String: Tensor] = [:]
    for (name, tensors) in buffers {
      for (kind, tensor) in zip(kinds, tensors) { copies["\(name)/\(kind)"] = tensor.copy() }
    }
    return copies
  }

  /// Copies of the tensors of `state`, after checking that they fit `parameters`.
  func restored(from state: OptimizerState, for parameters: [Parameter]) throws -> StateTensors {
    guard state.stepCount >= 0 else { throw OptimizerStateError.stepCount(state.stepCount) }
    var restored = StateTensors(kinds: kinds, initialValue: initialValue)
    var unclaimed = Set(state.tensors.keys)
    for parameter in parameters {
      let names = kinds.map { "\(parameter.name)/\($0)" }
      guard names.contains(where: { state.tensors[$0] != nil }) else { continue }
      restored.buffers[parameter.name] = try names.map { name in
        guard let tensor = state.tensors[name] else { throw OptimizerStateError.missing(name) }
        guard tensor.shape == parameter.value.shape else {
          throw OptimizerStateError.shape(name, found: tensor.shape, expected: parameter.value.shape)
        }
        unclaimed.remove(name)
        return tensor.copy()
      }
    }
    if let name = unclaimed.min() { throw OptimizerStateError.unexpected(name) }
    return restored
  }
}
