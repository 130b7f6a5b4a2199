import Foundation

/// Data that is not part of the checkout: tests of it run where an environment variable names its folder, and are
/// skipped, with a word why, elsewhere.
package enum RealData {
  /// The unpacked set hetrec2011-lastfm-2k.
  package static let lastfm = folder("TWOTOWER_LASTFM")
  /// The splits of that set as tables of training and test rows.
  package static let splits = folder("TWOTOWER_SPLITS")
  /// The unpacked set ml-100k.
  package static let movieLens = folder("TWOTOWER_MOVIELENS")

  private static func folder(_ variable: String) -> String? {
    ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
  }
}
