import Foundation
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerRuns
import TwoTowerTraining

/// What a comparison is asked for by one argument: a recipe, with settings of its own behind a colon, or a finished run.
struct ComparedModel {
  enum Kind {
    case recipe(path: String)
    case run(path: String)
  }

  /// As it was given.
  let argument: String
  let kind: Kind
  /// What the recipe was called, without its settings.
  let name: String
  /// Settings of this recipe alone.
  private(set) var settings: [(path: String, value: String)] = []

  var isRun: Bool { if case .run = kind { true } else { false } }

  /// - Throws: `Failure` for a folder that is no run, a recipe that there is not, or a setting without a value.
  init(_ argument: String) throws {
    self.argument = argument
    if Home.isFolder(argument) {
      guard Manifest.exists(in: argument) else {
        throw Failure(.noInput, "\(argument): found a folder that is no run, expected a run or a recipe")
      }
      name = argument
      kind = .run(path: argument)
      return
    }
    // A file may have a colon in its name.
    guard !Home.isFile(argument), let colon = Self.colon(in: argument) else {
      name = argument
      kind = .recipe(path: try RecipeOptions.locate(argument))
      return
    }
    name = String(argument[..<colon])
    kind = .recipe(path: try RecipeOptions.locate(name))
    for part in Self.settings(in: argument[argument.index(after: colon)...]) {
      settings.append(try Self.setting(part, in: argument))
    }
  }

  /// Adds a setting of `--set RECIPE:path=value`.
  mutating func add(_ setting: (path: String, value: String)) { settings.append(setting) }

  /// A setting of all recipes, or of the one that is named before a colon.
  static func sharedSetting(_ text: String) throws -> (recipe: String?, setting: (path: String, value: String)) {
    guard let colon = colon(in: text) else { return (nil, try setting(text, in: "--set \(text)")) }
    return (String(text[..<colon]), try setting(String(text[text.index(after: colon)...]), in: "--set \(text)"))
  }

  /// The last colon before the first sign of equality.
  private static func colon(in text: String) -> String.Index? {
    guard let equals = text.firstIndex(of: "=") else { return nil }
    return text[..<equals].lastIndex(of: ":")
  }

  private static func setting(_ text: String, in argument: String) throws -> (path: String, value: String) {
    guard let equals = text.dropFirst().firstIndex(of: "=") else {
      throw Failure(.usage, "\(argument): found '\(text)', expected a setting such as retrieval.temperature=0.2")
    }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }

  /// The settings between commas, but for commas in brackets, as in `[128, 64]`.
  private static func settings(in text: Substring) -> [String] {
    var parts = [""]
    var depth = 0
    for character in text {
      if "[{".contains(character) { depth += 1 }
      if "]}".contains(character) { depth -= 1 }
      if character == "," && depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    return parts.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// How tables call it: the name of the file or folder, and the settings.
  var label: String {
    var url = URL(fileURLWithPath: name)
    if !isRun { url.deletePathExtension() }
    let settings = settings.map { "\($0.path)=\($0.value)" }.joined(separator: ",")
    return url.lastPathComponent + (settings.isEmpty ? "" : ":" + settings)
  }
}
