import TwoTowerAutodiff
import TwoTowerKernels

/// Stochastic gradient descent with momentum: v = momentum · v + g; w −= rate · v (Sutskever et al., ICML 2013, in the
/// form without the rate in v).
package final class SGD: Optimizer {
  package let momentum: Float
  /// Added to the gradient, times the weight (L2).
  package let weightDecay: Float
  private var tensors: StateTensors
  private var stepCount = 0

  package init(momentum: Float = 0, weightDecay: Float = 0) {
    self.momentum = momentum
    self.weightDecay = weightDecay
    tensors = StateTensors(kinds: momentum == 0 ? [] : ["momentum"])
  }

  package func step(_ parameters: [Parameter], learningRate: Float) {
    stepCount += 1
    for parameter in parameters {
      guard let (gradient, count, rows, width) = parameter.update else { continue }
      let weights = parameter.value.buffer
      var w = weights.mutableSpan
      let g = gradient.span.extracting(first: count)
      if momentum == 0 {
        updateByGradient(&w, gradient: g, rows: rows, width: width, rate: learningRate, decay: weightDecay)
      } else {
        let velocity = tensors.of(parameter)[0]
        var v = velocity.mutableSpan
        updateWithMomentum(
          &w, velocity: &v, gradient: g, rows: rows, width: width, rate: learningRate, momentum: momentum,
          decay: weightDecay)
      }
    }
  }

  package var state: OptimizerState { OptimizerState(stepCount: stepCount, tensors: tensors.copies) }

  package func restore(_ state: OptimizerState, for parameters: [Parameter]) throws {
    tensors = try tensors.restored(from: state, for: parameters)
    stepCount = state.stepCount
  }
}
