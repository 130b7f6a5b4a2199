import TwoTowerServing

/// A request for `top` items.
func request(top: Int, includesSeen: Bool = false, reranks: Bool = false) -> RecommendationRequest {
  var request = RecommendationRequest(top: top)
  (request.includesSeen, request.reranks) = (includesSeen, reranks)
  return request
}
