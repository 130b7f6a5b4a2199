import Kernels

/// Records operations as they run forward and replays them in reverse to accumulate gradients.
///
/// One tape serves one training step. An operation computes its value, then calls `record` with a closure that
/// *adds* into the gradients of its inputs (`gradient(of:)`), given the gradient of its output.
public final class Tape {
  private struct Record {
    let output: Int
    let backward: (Tensor) -> Void
  }

  private var records: [Record] = []
  private var gradients: [Tensor?] = []
  private var parameterVariables: [ObjectIdentifier: Variable] = [:]

  /// Whether layers such as dropout are active.
  public let isTraining: Bool
  public let seed: UInt64
  public let epoch: Int
  public let step: Int
  private var streamsDrawn = 0

  public init(isTraining: Bool = false, seed: UInt64 = 0, epoch: Int = 0, step: Int = 0) {
    self.isTraining = isTraining
    self.seed = seed
    self.epoch = epoch
    self.step = step
  }

  /// A generator for the next random operation of this step; the order of operations numbers the streams.
  public func generator(for purpose: SeededGenerator.Purpose) -> SeededGenerator {
    defer { streamsDrawn += 1 }
    return SeededGenerator(seed: seed, purpose: purpose, epoch: epoch, step: step, stream: streamsDrawn)
  }

  /// A value that no gradient flows into.
  public func constant(_ value: Tensor) -> Variable { Variable(tape: self, value: value, slot: nil) }

  /// A value with a gradient that can be read after `backward`, not tied to a parameter (tests, probes).
  public func input(_ value: Tensor) -> Variable {
    gradients.append(nil)
    return Variable(tape: self, value: value, slot: gradients.count - 1)
  }

  /// The whole of a dense parameter. Its gradient is added to `parameter.gradient` by `backward`.
  public func parameter(_ parameter: Parameter) -> Variable {
    if let known = parameterVariables[ObjectIdentifier(parameter)] { return known }
    guard parameter.isTrainable else { return constant(parameter.value) }
    gradients.append(parameter.denseGradient())
    let variable = Variable(tape: self, value: parameter.value, slot: gradients.count - 1)
    parameterVariables[ObjectIdentifier(parameter)] = variable
    return variable
  }

  /// The result of an operation over `inputs`; `backward` is dropped when no input requires a gradient.
  public func record(
    _ value: Tensor, inputs: [Variable], backward: @escaping (_ outputGradient: Tensor) -> Void
  ) -> Variable {
    guard inputs.contains(where: \.requiresGradient) else { return constant(value) }
    return recordAlways(value, backward: backward)
  }

  /// As `record`, for operations whose gradient leaves the tape (row-sparse parameters).
  public func recordAlways(_ value: Tensor, backward: @escaping (_ outputGradient: Tensor) -> Void) -> Variable {
    gradients.append(nil)
    let slot = gradients.count - 1
    records.append(Record(output: slot, backward: backward))
    return Variable(tape: self, value: value, slot: slot)
  }

  /// The gradient to add into for `variable`, zeros at first; nil when none is wanted.
  public func gradient(of variable: Variable) -> Tensor? {
    guard let slot = variable.slot else { return nil }
    if let known = gradients[slot] { return known }
    let fresh = Tensor(zeros: variable.shape)
    gradients[slot] = fresh
    return fresh
  }

  /// Accumulates the gradients of every recorded value that led to `loss`.
  ///
  /// - Precondition: `loss` is a single element of this tape. A tape runs backward once.
  public func backward(from loss: Variable) {
    precondition(loss.value.count == 1, "Tape.backward: loss of shape \(loss.shape) is not a scalar")
    guard let slot = loss.slot else { return }
    gradients[slot] = Tensor(loss.shape, [1])
    for record in records.reversed() {
      guard let outputGradient = gradients[record.output] else { continue }
      record.backward(outputGradient)
      gradients[record.output] = nil  // frees memory as the sweep goes
    }
    records.removeAll()
  }
}
