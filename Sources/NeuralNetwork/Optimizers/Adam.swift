import Foundation
import TwoTowerAutodiff
import TwoTowerKernels

/// Adam (Kingma and Ba, ICLR 2015, algorithm 1): both moments corrected for their start at 0, epsilon outside the root.
///
/// For embedding tables the moments of untouched rows stand still, while the bias correction counts all steps.
package final class Adam: Optimizer {
  private let core: AdamCore

  /// - Parameter weightDecay: added to the gradient, times the weight (L2).
  package init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0) {
    core = AdamCore(beta1: beta1, beta2: beta2, epsilon: epsilon, decay: weightDecay, decoupledDecay: 0)
  }

  package func step(_ parameters: [Parameter], learningRate: Float) {
    core.step(parameters, learningRate: learningRate)
  }
  package var state: OptimizerState { core.state }
  package func restore(_ state: OptimizerState, for parameters: [Parameter]) throws {
    try core.restore(state, for: parameters)
  }
}

/// Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019): weights shrink by rate · decay before the step.
///
/// Of an embedding table, only touched rows shrink.
package final class AdamW: Optimizer {
  private let core: AdamCore

  package init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01) {
    core = AdamCore(beta1: beta1, beta2: beta2, epsilon: epsilon, decay: 0, decoupledDecay: weightDecay)
  }

  package func step(_ parameters: [Parameter], learningRate: Float) {
    core.step(parameters, learningRate: learningRate)
  }
  package var state: OptimizerState { core.state }
  package func restore(_ state: OptimizerState, for parameters: [Parameter]) throws {
    try core.restore(state, for: parameters)
  }
}

/// The moments that both share.
private final class AdamCore {
  let beta1, beta2, epsilon, decay, decoupledDecay: Float
  private var tensors = StateTensors(kinds: ["firstMoment", "secondMoment"])
  private var stepCount = 0

  init(beta1: Float, beta2: Float, epsilon: Float, decay: Float, decoupledDecay: Float) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.decay = decay
    self.decoupledDecay = decoupledDecay
  }

  func step(_ parameters: [Parameter], learningRate: Float) {
    stepCount += 1
    let firstCorrection = 1 - pow(Double(beta1), Double(stepCount))
    let secondCorrection = 1 - pow(Double(beta2), Double(stepCount))
    let step = AdamStep(
      beta1: beta1, beta2: beta2, epsilon: epsilon, rate: Float(Double(learningRate) / firstCorrection),
      secondMomentScale: Float(1 / secondCorrection.squareRoot()), decay: decay,
      shrinkage: 1 - learningRate * decoupledDecay)
    for parameter in parameters {
      guard let (gradient, count, rows, width) = parameter.update else { continue }
      let (weights, moments) = (parameter.value.buffer, tensors.of(parameter))
      let (first, second) = (moments[0], moments[1])
      var w = weights.mutableSpan
      var m = first.mutableSpan
      var v = second.mutableSpan
      updateWithAdam(
        &w, firstMoment: &m, secondMoment: &v, gradient: gradient.span.extracting(first: count), rows: rows,
        width: width, step: step)
    }
  }

  var state: OptimizerState { OptimizerState(stepCount: stepCount, tensors: tensors.copies) }

  func restore(_ state: OptimizerState, for parameters: [Parameter]) throws {
    tensors = try tensors.restored(from: state, for: parameters)
    stepCount = state.stepCount
  }
}
