import Foundation

/// The learning rate of each step.
package struct LearningRateSchedule: Sendable, Equatable {
  package enum Decay: String, Sendable, Codable, CaseIterable {
    /// The base rate throughout.
    case constant
    /// Half a cosine from the base rate to 0 (Loshchilov and Hutter, ICLR 2017, equation 5, one period).
    case cosine
  }

  package var baseRate: Float
  /// Steps over which the rate rises in equal parts to `baseRate`; 0 for none.
  package var warmUpSteps: Int
  package var decay: Decay

  /// - Precondition: `warmUpSteps` is not negative.
  package init(baseRate: Float, warmUpSteps: Int = 0, decay: Decay = .constant) {
    precondition(warmUpSteps >= 0, "LearningRateSchedule: \(warmUpSteps) warm-up steps")
    self.baseRate = baseRate
    self.warmUpSteps = warmUpSteps
    self.decay = decay
  }

  /// The rate of step `step`, counted from 0, of `totalSteps`.
  package func rate(step: Int, totalSteps: Int) -> Float {
    if step < warmUpSteps { return baseRate * Float(step + 1) / Float(warmUpSteps) }
    switch decay {
    case .constant: return baseRate
    case .cosine:
      let progress = Double(step - warmUpSteps) / Double(max(1, totalSteps - warmUpSteps))
      return Float(Double(baseRate) * 0.5 * (1 + cos(.pi * min(1, progress))))
    }
  }
}
