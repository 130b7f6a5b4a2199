/// The number of *other* candidates that score at least as high as `target`: 0 is the best, ties count against it.
///
/// `excluded` holds the indices of candidates that do not compete, in ascending order; `target` competes even when it
/// is listed. Scores that are not numbers do not compete; a target whose score is not a number ranks behind all.
///
/// - Precondition: `target` is in 0..<scores.count, `excluded` strictly ascends within 0..<scores.count.
package func rank(
  of target: Int, in scores: Span<Float>, excluding excluded: [Int32] = [], on vectorMath: VectorMath = .best
) -> Int {
  precondition(target >= 0 && target < scores.count, "rank: target \(target) of \(scores.count) scores")
  precondition(
    (excluded.first ?? 0) >= 0 && (excluded.last ?? -1) < scores.count
      && zip(excluded, excluded.dropFirst()).allSatisfy { $0 < $1 },
    "rank: excluded indices do not ascend strictly within 0..<\(scores.count)")
  let threshold = scores[target]
  let others = excluded.lazy.filter { Int($0) != target }
  guard !threshold.isNaN else { return scores.count - 1 - others.count }
  let excludedAbove = others.count { scores[Int($0)] >= threshold }
  return vectorMath.countAtLeast(scores, threshold) - 1 - excludedAbove
}
