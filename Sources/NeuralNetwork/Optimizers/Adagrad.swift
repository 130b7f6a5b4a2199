import TwoTowerAutodiff
import TwoTowerKernels

/// a += g²; w −= rate · g / √(a + epsilon) (Duchi, Hazan, Singer, JMLR 12, 2011), with the accumulator's start and
/// epsilon of Keras.
package final class Adagrad: Optimizer {
  package let epsilon: Float
  /// Added to the gradient, times the weight (L2).
  package let weightDecay: Float
  private var tensors: StateTensors
  private var stepCount = 0

  package init(initialAccumulator: Float = 0.1, epsilon: Float = 1e-7, weightDecay: Float = 0) {
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    tensors = StateTensors(kinds: ["accumulator"], initialValue: initialAccumulator)
  }

  package func step(_ parameters: [Parameter], learningRate: Float) {
    stepCount += 1
    for parameter in parameters {
      guard let (gradient, count, rows, width) = parameter.update else { continue }
      let (weights, accumulator) = (parameter.value.buffer, tensors.of(parameter)[0])
      var w = weights.mutableSpan
      var a = accumulator.mutableSpan
      updateWithAdagrad(
        &w, accumulator: &a, gradient: gradient.span.extracting(first: count), rows: rows, width: width,
        rate: learningRate, epsilon: epsilon, decay: weightDecay)
    }
  }

  package var state: OptimizerState { OptimizerState(stepCount: stepCount, tensors: tensors.copies) }

  package func restore(_ state: OptimizerState, for parameters: [Parameter]) throws {
    tensors = try tensors.restored(from: state, for: parameters)
    stepCount = state.stepCount
  }
}
