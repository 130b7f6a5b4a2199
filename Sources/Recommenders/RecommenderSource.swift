import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

/// A named array of a saved model.
package enum StoredArray: Sendable {
  case floats(Tensor)
  case integers([Int32])

  /// A vector of floats.
  package init(_ values: [Float]) { self = .floats(Tensor([values.count], values)) }
}

/// What a saved run gives a recommender to be loaded from; each part is read and checked when it is asked for.
package protocol RecommenderSource: Sendable {
  var settings: ModelSettings { get }
  var userCount: Int { get }
  var itemCount: Int { get }
  /// Fitted numbers of the recommender.
  var parameterCount: Int { get }

  /// The float tensor `name`, finite and of this shape.
  func floats(_ name: String, shape: Shape) throws -> Tensor
  /// The shape of a stored tensor; nil where there is none.
  func shape(of name: String) throws -> [Int]?
  /// The integers `name`.
  func integers(_ name: String, count: Int?) throws -> [Int32]
  /// The error that says what is wrong with a part of the model.
  func refusal(_ place: String, found: String, expected: String) -> any Error

  func vectors() throws -> RetrievalVectors
  func encoder() throws -> FeatureEncoder
  /// How many users have each item.
  func knownCounts() throws -> [Int]
  /// The interactions of the training rows.
  func interactions(_ weights: BaselineSettings.Weights) throws -> InteractionMatrix
}

extension RecommenderSource {
  /// Lists that three arrays hold: offsets that ascend from 0, each row's indices ascending and below `indexCount`.
  func sparseRows(
    offsets offsetsName: String, indices indicesName: String, weights weightsName: String, rowCount: Int,
    indexCount: Int
  ) throws -> SparseRows {
    let offsets = try integers(offsetsName, count: rowCount + 1)
    let indices = try integers(indicesName, count: nil)
    switch IndexLists.defect(offsets: offsets, indices: indices, below: indexCount, ascending: true) {
    case .offsets:
      throw refusal(offsetsName, found: "offsets out of order", expected: "ascending from 0 to \(indices.count)")
    case .index(_, _, let row):
      throw refusal(
        "\(indicesName), row \(row)", found: "indices out of order or range",
        expected: "ascending from 0 to below \(indexCount)")
    case nil: break
    }
    return SparseRows(
      offsets: offsets, indices: indices, weights: try floats(weightsName, shape: [indices.count]).array)
  }
}
