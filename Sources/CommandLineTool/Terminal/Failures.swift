import TwoTowerFiles

/// An error that a verb found by itself, with the status it ends with.
struct Failure: UserFacingError {
  let exitStatus: ExitStatus
  let description: String

  init(_ exitStatus: ExitStatus, _ description: String) {
    self.exitStatus = exitStatus
    self.description = description
  }
}

/// One line and one exit status for any error.
func describe(_ error: any Error) -> (message: String, status: Int32) {
  switch error {
  case let error as any UserFacingError: (error.description, error.exitStatus.rawValue)
  case let error as Interrupted: ("interrupted", error.exitStatus)
  default: ("a defect of twotower, please report it: \(error)", ExitStatus.defect.rawValue)
  }
}
