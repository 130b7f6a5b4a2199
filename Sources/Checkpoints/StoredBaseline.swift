import Autodiff
import Features
import Kernels
import TwoTower

extension BaselineModel {
  /// The fitted numbers as tensors of a safetensors file; the interactions themselves are the run's training rows.
  var storedTensors: [String: StoredTensor] {
    func vector(_ values: [Float]) -> StoredTensor { StoredTensor(Tensor([values.count], values)) }
    return switch self {
    case .popularity(let model): ["baseline/totals": vector(model.totals)]
    case .itemNeighbors(let model):
      [
        "baseline/neighbor-offsets": StoredTensor(model.neighbors.offsets),
        "baseline/neighbor-items": StoredTensor(model.neighbors.indices),
        "baseline/neighbor-likeness": vector(model.neighbors.weights),
      ]
    case .ease(let model):
      ["baseline/inverse-gram": StoredTensor(model.inverseGram), "baseline/residuals": vector(model.residuals)]
    case .implicitALS(let model):
      ["baseline/users": StoredTensor(model.users), "baseline/items": StoredTensor(model.items)]
    }
  }

  /// The model that a file holds, checked against the run's data: sizes, order, range and finiteness of everything.
  ///
  /// - Throws: `CheckpointError`, or `BaselineError` for interactions that the model cannot be made of.
  init(_ file: SafetensorsFile, settings: BaselineSettings, data: TowerData) throws {
    let (users, items) = (data.userCount, data.itemCount)
    switch settings.model {
    case .popularity:
      self = .popularity(
        Popularity(userCount: users, totals: try file.finiteTensor("baseline/totals", [items]).array))
    case .itemNeighbors:
      let neighbors = try file.sparseRows(
        offsets: "baseline/neighbor-offsets", indices: "baseline/neighbor-items",
        weights: "baseline/neighbor-likeness", rowCount: items, indexCount: items)
      self = .itemNeighbors(
        ItemNeighbors(
          neighbors: neighbors, histories: try InteractionMatrix(data, weights: settings.weights).byUser))
    case .ease(let regularization):
      let inverse = try file.finiteTensor("baseline/inverse-gram", [users, users])
      let residuals = try file.finiteTensor("baseline/residuals", [items]).array
      if let bad = residuals.first(where: { !($0 > 0) }) {
        throw CheckpointError.unexpectedContent(
          path: file.path, place: "baseline/residuals", found: "\(bad)", expected: "numbers above 0")
      }
      self = .ease(
        EASE(
          interactions: try InteractionMatrix(data, weights: settings.weights), regularization: regularization,
          inverseGram: inverse, residuals: residuals))
    case .implicitALS(let settings):
      self = .implicitALS(
        ImplicitALS(
          settings: settings, users: try file.finiteTensor("baseline/users", [users, settings.dimension]),
          items: try file.finiteTensor("baseline/items", [items, settings.dimension])))
    }
  }
}

extension SafetensorsFile {
  /// The float tensor `name` of this shape, every value finite.
  fileprivate func finiteTensor(_ name: String, _ shape: Shape) throws(CheckpointError) -> Tensor {
    let tensor = try tensor(name, shape: shape)
    guard tensor.isFinite else {
      throw .unexpectedContent(path: path, place: name, found: "a value that is not finite", expected: "finite values")
    }
    return tensor
  }

  /// Lists that three tensors hold: offsets that ascend from 0, the indices of each row ascending and below
  /// `indexCount`.
  fileprivate func sparseRows(
    offsets offsetsName: String, indices indicesName: String, weights weightsName: String, rowCount: Int,
    indexCount: Int
  ) throws(CheckpointError) -> SparseRows {
    let offsets = try int32Values(offsetsName, count: rowCount + 1)
    let indices = try int32Values(indicesName)
    func unexpected(_ place: String, _ found: String, _ expected: String) -> CheckpointError {
      .unexpectedContent(path: path, place: place, found: found, expected: expected)
    }
    switch IndexLists.defect(offsets: offsets, indices: indices, below: indexCount, ascending: true) {
    case .offsets: throw unexpected(offsetsName, "offsets out of order", "ascending from 0 to \(indices.count)")
    case .index(_, _, let row):
      throw unexpected(
        "\(indicesName), row \(row)", "indices out of order or range", "ascending from 0 to below \(indexCount)")
    case nil: break
    }
    return SparseRows(
      offsets: offsets, indices: indices, weights: try finiteTensor(weightsName, [indices.count]).array)
  }
}
