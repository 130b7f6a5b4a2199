import Foundation
import TwoTowerDatasets
import TwoTowerFiles
import TwoTowerRecommenders
import TwoTowerRuns
import TwoTowerServing
import TwoTowerTraining

/// A fitted model that recommends items to users, and to people who are not in the data.
///
/// It never changes, and may be asked from any number of threads at once.
///
/// ```swift
/// let model = try Recommender.fit(data, settings: .implicitALS(dimension: 32), seed: 1)
/// for item in try model.recommend(for: .user("a"), count: 10) { print(item.name, item.score) }
/// ```
public struct Recommender: Sendable {
  let answerer: Answerer
  let userTable: IdentifierTable
  let itemTable: IdentifierTable
  private let storage: Storage

  /// What saving writes.
  private enum Storage: Sendable {
    case memory(RunContents)
    case folder(RunFolder)
  }

  private init(_ answerer: Answerer, _ storage: Storage) throws {
    self.answerer = answerer
    self.storage = storage
    userTable = try Self.table(answerer.userIdentifiers, of: "user")
    itemTable = try Self.table(answerer.itemIdentifiers, of: "item")
  }

  /// The users of the fit.
  public var users: [String] { userTable.identifiers }

  /// The catalogue: every item that can be recommended.
  public var items: [String] { itemTable.identifiers }

  /// Fits a model on all rows of `data`, in memory.
  ///
  /// It takes all cores of the machine, and from moments to minutes. The same data, settings and seed give the same
  /// model, bit for bit, on any number of cores.
  ///
  /// - Parameters:
  ///   - data: every row is fitted; hold rows out beforehand to measure the model on them.
  ///   - settings: the kind of model, and how it is fitted.
  ///   - seed: of every random draw.
  ///   - progress: told after every step on the calling thread; returns whether to go on. Cancelling the task that
  ///     calls stops the fit too.
  /// - Throws: ``TwoTowerError/stopped``, ``TwoTowerError/setting(name:problem:)`` for a setting that is out of range or
  ///   does not fit the data, ``TwoTowerError/diverged(_:)``.
  public static func fit(
    _ data: Interactions, settings: RecommenderSettings, seed: UInt64 = 1,
    progress: (FitProgress) -> Bool = { _ in true }
  ) throws(TwoTowerError) -> Recommender {
    let recipe = try settings.recipe(for: data.dataset, seed: seed)
    return try translatingErrors {
      let rows = Split(train: Array(0..<Int32(data.count)), test: [])
      let prepared = try prepare(data.dataset, split: rows, recipe: recipe)
      var fit = try ModelFit(recipe, on: prepared)
      try withoutActuallyEscaping(progress) { progress in
        var isStopped = false
        try fit.run(
          stopSignal: { isStopped || Task.isCancelled ? SIGINT : nil },
          report: { event in
            if let made = FitProgress(event), !progress(made) { isStopped = true }
          })
        if isStopped { throw TwoTowerError.stopped }
      }
      let record = RunRecord(dataset: data.dataset.name, files: [], seed: seed, data: prepared)
      let contents = try fit.contents(record, recipeText: recipe.jsonText, isFinished: true)
      return try Recommender(Answerer(contents, name: "the model"), .memory(contents))
    }
  }

  /// Reads a model that ``save(to:replacing:)`` or the `twotower` tool wrote.
  ///
  /// Every file is checked against its checksum. The folder has to stay where it is while the model is used.
  ///
  /// - Parameter url: the run's folder.
  /// - Throws: ``TwoTowerError/storage(_:)`` for a folder that is missing, no run, or altered.
  public init(contentsOf url: URL) throws(TwoTowerError) {
    self = try translatingErrors {
      let path = try Self.path(of: url)
      let answerer = try Answerer(opening: path)
      try answerer.load()
      return try Recommender(answerer, .folder(RunFolder(opening: path)))
    }
  }

  /// Writes the model to a folder, whole or not at all: ``init(contentsOf:)`` and the `twotower` tool read it.
  ///
  /// - Parameters:
  ///   - url: the folder, which is made; its parents too.
  ///   - replacing: whether an older run in its place may go. Nothing else is ever replaced.
  /// - Throws: ``TwoTowerError/storage(_:)``.
  public func save(to url: URL, replacing: Bool = false) throws(TwoTowerError) {
    try translatingErrors {
      let path = try Self.path(of: url)
      switch storage {
      case .memory(let contents): try contents.write(to: path, replacing: replacing)
      case .folder(let folder): try folder.copy(to: path, replacing: replacing)
      }
    }
  }

  private static func path(of url: URL) throws(TwoTowerError) -> String {
    guard url.isFileURL else { throw .storage("\(url): not a file URL: give the URL of a folder") }
    return url.path
  }

  private static func table(_ identifiers: [String], of kind: String) throws(TwoTowerError) -> IdentifierTable {
    var table = IdentifierTable()
    table.reserveCapacity(identifiers.count)
    for (place, identifier) in identifiers.enumerated() where Int(table.insert(identifier)) != place {
      throw .storage("the run lists the \(kind) \(identifier.quoted()) twice: it was altered")
    }
    return table
  }
}

extension Recipe {
  /// The recipe with every setting spelt out, in JSON, which readers of YAML read too.
  package var jsonText: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }
}
