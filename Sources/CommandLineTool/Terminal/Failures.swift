import ArgumentParser
import Checkpoints
import Datasets
import Evaluation
import Features
import Foundation
import Training
import TwoTower

/// What the process ends with.
enum ExitStatus: Int32 {
  case done = 0
  case usage = 64
  case badData = 65
  case noInput = 66
  case defect = 70
  case cannotWrite = 73

  static func interrupted(by signal: Int32) -> Int32 { 128 + signal }
}

/// An error that a verb found by itself, with the status it ends with.
struct Failure: Error {
  let status: ExitStatus
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }
}

/// One line and one exit status for any error.
func describe(_ error: any Error) -> (message: String, status: Int32) {
  switch error {
  case let error as Failure: (error.message, error.status.rawValue)
  case let error as Interrupted: ("interrupted", ExitStatus.interrupted(by: error.signal))
  case let error as DatasetError: (error.description, status(of: error).rawValue)
  case let error as CheckpointError: (error.description, status(of: error).rawValue)
  case let error as RunError: (error.description, ExitStatus.badData.rawValue)
  case let error as RecipeError: (error.description, ExitStatus.badData.rawValue)
  case let error as FeatureError: (error.description, ExitStatus.badData.rawValue)
  case let error as TowerError: (error.description, ExitStatus.badData.rawValue)
  case let error as BaselineError: (error.description, ExitStatus.badData.rawValue)
  case let error as PreparationError: (error.description, ExitStatus.badData.rawValue)
  case let error as TrainingError: (error.description, ExitStatus.badData.rawValue)
  case let error as EvaluationError: (error.description, ExitStatus.badData.rawValue)
  default: ("a defect of twotower, please report it: \(error)", ExitStatus.defect.rawValue)
  }
}

private func status(of error: DatasetError) -> ExitStatus {
  switch error {
  case .emptySplit, .sampleSizeOutOfRange: .usage
  default: error.isMissingInput ? .noInput : error.isUnwritableOutput ? .cannotWrite : .badData
  }
}

private func status(of error: CheckpointError) -> ExitStatus {
  switch error {
  case .noSuchFile, .cannotRead: .noInput
  case .cannotWrite: .cannotWrite
  default: .badData
  }
}
