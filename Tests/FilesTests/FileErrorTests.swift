import Testing
import TwoTowerFiles

@Suite struct FileErrorTests {
  private struct SomethingWrong: UserFacingError {
    let description = "wrong"
  }

  @Test func theExitStatusTellsInputFromOutput() {
    #expect(FileError.notFound(path: "p").exitStatus == .noInput)
    #expect(FileError.cannotRead(path: "p", reason: "r").exitStatus == .noInput)
    #expect(FileError.unexpectedContent(path: "p", found: "f", expected: "e").exitStatus == .badData)
    #expect(FileError.cannotWrite(path: "p", reason: "r").exitStatus == .cannotWrite)
    #expect(FileError.alreadyExists(path: "p").exitStatus == .cannotWrite)
  }

  @Test func otherErrorsOfUsersAreAboutTheirData() {
    let error: any Error = SomethingWrong()
    #expect((error as? any UserFacingError)?.exitStatus == .badData)
  }
}
