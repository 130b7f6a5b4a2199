import Autodiff
import Kernels

/// The softmax cross-entropy of each query `[B, d]` against all candidates `[C, d]`, a scalar.
///
/// Temperature, sampling corrections, row weights and masks are those of `problem`.
///
/// - Precondition: rank 2, the extents of `problem`.
public func retrievalSoftmax(
  queries: Variable, candidates: Variable, problem: RetrievalSoftmax, reduction: Reduction = .mean
) -> Variable {
  retrievalSoftmaxLoss(queries: queries, candidates: candidates, problem, reduction: reduction)
}
