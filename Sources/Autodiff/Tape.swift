import TwoTowerKernels

/// Records operations as they run forward and replays them in reverse to accumulate gradients.
///
/// One tape serves one training step. An operation computes its value, then calls `record` with a closure that
/// *adds* into the gradients of its inputs (`gradient(of:)`), given the gradient of its output.
///
/// Recorded closures hold variables and variables hold their tape: `backward` lets go of them. A training tape that
/// never runs backward is freed only after `discard`.
package final class Tape {
  private struct Record {
    let output: Int
    let backward: (Tensor) -> Void
  }

  private var records: [Record] = []
  private var gradients: [Tensor?] = []
  private var parameterSlots: [ObjectIdentifier: Int] = [:]
  private var parameterOfSlot: [Int: Parameter] = [:]

  /// Whether layers such as dropout are active and parameters receive gradients.
  package let isTraining: Bool
  package let seed: UInt64
  package let epoch: Int
  package let step: Int
  private var streamsDrawn = 0
  private var hasRunBackward = false

  package init(isTraining: Bool = false, seed: UInt64 = 0, epoch: Int = 0, step: Int = 0) {
    self.isTraining = isTraining
    self.seed = seed
    self.epoch = epoch
    self.step = step
  }

  /// A generator for the next random operation of this step; the order of operations numbers the streams.
  package func generator(for purpose: SeededGenerator.Purpose) -> SeededGenerator {
    defer { streamsDrawn += 1 }
    return SeededGenerator(seed: seed, purpose: purpose, epoch: epoch, step: step, stream: streamsDrawn)
  }

  /// A value that no gradient flows into.
  package func constant(_ value: Tensor) -> Variable { Variable(tape: self, value: value, slot: nil) }

  /// A value with a gradient that can be read after `backward`, not tied to a parameter (tests, probes).
  package func input(_ value: Tensor) -> Variable {
    gradients.append(nil)
    return Variable(tape: self, value: value, slot: gradients.count - 1)
  }

  /// The whole of a dense parameter.
  ///
  /// Its gradient is added to `parameter.gradient` by `backward`.
  ///
  /// A constant when the tape is not training or the parameter is not trainable.
  package func parameter(_ parameter: Parameter) -> Variable {
    guard isTraining && parameter.isTrainable else { return constant(parameter.value) }
    let key = ObjectIdentifier(parameter)
    let slot: Int
    if let known = parameterSlots[key] {
      slot = known
    } else {
      slot = gradients.count
      gradients.append(nil)
      parameterSlots[key] = slot
      parameterOfSlot[slot] = parameter
    }
    return Variable(tape: self, value: parameter.value, slot: slot)
  }

  /// The result of an operation over `inputs`; `backward` is dropped when no input requires a gradient.
  ///
  /// `backward` may change the output gradient that it is given: nobody reads it afterwards.
  package func record(
    _ value: Tensor, inputs: [Variable], backward: @escaping (_ outputGradient: Tensor) -> Void
  ) -> Variable {
    guard inputs.contains(where: \.requiresGradient) else { return constant(value) }
    return recordAlways(value, backward: backward)
  }

  /// As `record`, for operations whose gradient leaves the tape (row-sparse parameters).
  package func recordAlways(_ value: Tensor, backward: @escaping (_ outputGradient: Tensor) -> Void) -> Variable {
    gradients.append(nil)
    let slot = gradients.count - 1
    records.append(Record(output: slot, backward: backward))
    return Variable(tape: self, value: value, slot: slot)
  }

  /// The gradient to add into for `variable`, zeros at first; nil when none is wanted.
  package func gradient(of variable: Variable) -> Tensor? {
    guard let slot = variable.slot else { return nil }
    if let known = gradients[slot] { return known }
    let fresh = parameterOfSlot[slot]?.denseGradient() ?? Tensor(zeros: variable.shape)
    gradients[slot] = fresh
    return fresh
  }

  /// Lets `add` add into the gradient of `variable`, when one is wanted.
  func accumulate(into variable: Variable, _ add: (_ gradient: inout MutableSpan<Float>) -> Void) {
    guard let gradient = gradient(of: variable) else { return }
    var span = gradient.buffer.mutableSpan
    add(&span)
  }

  /// Adds `gradient` to that of `variable`; where there is none yet, `gradient` itself becomes it.
  ///
  /// For the gradient that `backward` hands to an operation: it is the operation's to change and to give away, once.
  func pass(_ gradient: Tensor, to variable: Variable) {
    guard let slot = variable.slot else { return }
    guard let known = gradients[slot] ?? parameterOfSlot[slot].flatMap({ $0.gradientToAddTo(orAdopting: gradient) })
    else {
      gradients[slot] = gradient
      return
    }
    var span = known.buffer.mutableSpan
    addScaled(1, gradient.buffer.span, into: &span)
  }

  /// Accumulates the gradients of every recorded value that led to `loss`.
  ///
  /// - Precondition: `loss` is a single element of this tape. A tape runs backward once.
  package func backward(from loss: Variable) {
    precondition(loss.value.count == 1, "Tape.backward: loss of shape \(loss.shape) is not a scalar")
    backward(from: loss, gradient: Tensor(loss.shape, [1]))
  }

  /// Accumulates the gradients of Σ gradient · output, for an output of any shape.
  ///
  /// - Precondition: `output` is of this tape and of the shape of `gradient`. A tape runs backward once.
  package func backward(from output: Variable, gradient: Tensor) {
    precondition(output.tape === self, "Tape.backward: the output belongs to another tape")
    precondition(
      gradient.shape == output.shape, "Tape.backward: gradient \(gradient.shape) of output \(output.shape)")
    precondition(!hasRunBackward, "Tape.backward: a tape runs backward once")
    hasRunBackward = true
    defer { discard() }
    accumulate(into: output) { addScaled(1, gradient.buffer.span, into: &$0) }
    while let record = records.popLast() {  // frees memory as the sweep goes
      guard let outputGradient = gradients[record.output] else { continue }
      record.backward(outputGradient)
      gradients[record.output] = nil
    }
  }

  /// Drops what was recorded.
  ///
  /// Needed only for a training tape that does not run backward.
  package func discard() { records.removeAll() }
}
