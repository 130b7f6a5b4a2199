import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerKernels

extension RetrievalModel {
  /// Starts the tables of identifiers from where the settings say; random ones stay as they are.
  ///
  /// From iALS they have the directions of its embeddings, of length 1: training then needs a third of the epochs.
  ///
  /// - Throws: `BaselineError` where that cannot be fitted.
  package func start(on data: TowerData, seed: UInt64) throws {
    guard settings.start == .implicitALS else { return }
    let inputs = [queryTower, candidateTower].map(\.identifiers)
    guard let width = inputs.compactMap({ $0?.table.value.shape[1] }).first else { return }
    var model = ImplicitALS.Settings()
    (model.dimension, model.iterations) = (width, 8)
    let fitted = try ImplicitALS(fitting: InteractionMatrix(data, weights: .binary), settings: model, seed: seed)
    for (input, embeddings) in zip(inputs, [fitted.users, fitted.items]) {
      guard let input, input.table.value.shape[1] == width else { continue }
      let directions = embeddings.withUnitRows
      for (entity, row) in input.rows.enumerated() where row > 0 {
        let direction = directions.row(entity)
        // Whoever has nothing has no direction.
        guard direction.array.contains(where: { $0 != 0 }) else { continue }
        input.table.value.buffer.copy(direction.buffer, at: Int(row) * width)
      }
    }
  }
}
