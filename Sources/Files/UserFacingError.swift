/// What a command ends with: the numbers of sysexits.h.
package enum ExitStatus: Int32, Sendable {
  case done = 0
  case usage = 64
  case badData = 65
  case noInput = 66
  case defect = 70
  case cannotWrite = 73
}

/// An error that a user can do something about: its description is one line that says what.
///
/// Errors of other types are reported as defects.
package protocol UserFacingError: Error, CustomStringConvertible {
  var exitStatus: ExitStatus { get }
}

extension UserFacingError {
  /// By default, the input or a setting is wrong.
  package var exitStatus: ExitStatus { .badData }
}
