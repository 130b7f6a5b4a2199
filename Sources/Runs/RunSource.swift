import TwoTowerAutodiff
import TwoTowerFeatures
import TwoTowerRecommenders

/// The run folder as a recommender loads itself from it.
struct RunSource: RecommenderSource {
  let folder: RunFolder
  let settings: ModelSettings
  let userCount, itemCount, parameterCount: Int
  private let weights: Lazy<SafetensorsFile>
  private let data: @Sendable () throws -> TowerData

  init(_ folder: RunFolder, settings: ModelSettings, data: @escaping @Sendable () throws -> TowerData) throws {
    self.folder = folder
    self.settings = settings
    self.data = data
    let counts = try folder.record().counts
    userCount = counts["users", default: 0]
    itemCount = counts["items", default: 0]
    parameterCount = counts["recommender_parameters", default: 0]
    weights = Lazy { try folder.safetensors(RunFile.model) }
  }

  func floats(_ name: String, shape: Shape) throws -> Tensor {
    let tensor = try weights().tensor(name, shape: shape)
    guard tensor.isFinite else { throw refusal(name, found: "a value that is not finite", expected: "finite values") }
    return tensor
  }

  func shape(of name: String) throws -> [Int]? { try weights().shape(of: name) }

  func integers(_ name: String, count: Int?) throws -> [Int32] { try weights().int32Values(name, count: count) }

  func refusal(_ place: String, found: String, expected: String) -> any Error {
    CheckpointError.unexpectedContent(
      path: "\(folder.path)/\(RunFile.model)", place: place, found: found, expected: expected)
  }

  func vectors() throws -> RetrievalVectors { try folder.vectors() }
  func encoder() throws -> FeatureEncoder { try folder.encoder() }
  func knownCounts() throws -> [Int] {
    var counts = [Int](repeating: 0, count: itemCount)
    for item in try folder.seenItems().indices { counts[Int(item)] += 1 }
    return counts
  }

  func interactions(_ weights: BaselineSettings.Weights) throws -> InteractionMatrix {
    try InteractionMatrix(data(), weights: weights)
  }
}

extension RunFolder {
  /// The model that retrieves, with users held out whole placed by what is given of them; nil for a run without one.
  ///
  /// - Parameter data: what the run trained on, for models that ask for it.
  /// - Throws: `CheckpointError` when the run holds none of its kind and size.
  package func recommender(
    _ settings: ModelSettings, data: @escaping @Sendable () throws -> TowerData
  ) throws -> (any Recommender)? {
    guard let type = settings.recommenderType else { return nil }
    return try type.init(loading: RunSource(self, settings: settings, data: data))
  }
}
