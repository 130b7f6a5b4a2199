import Testing
import TestSupport
import TwoTowerDatasets
import TwoTowerFiles

@Suite struct DataFolderTests {
  @Test func theFilesShowTheFormat() throws {
    let listening = try smallHetRec()
    let ratings = try smallMovieLens()
    let data = try readDataFolder(listening.path + "/")
    #expect(data.remarks.first == "user_artists.dat found: read as HetRec 2011")
    #expect(data.remarks.dropFirst() == (try readHetRec(folder: listening.path)).remarks[...])
    #expect(data.interactions.count == 4)
    let films = try readDataFolder(ratings.path + "/")
    #expect(films.remarks.first == "u.data found: read as MovieLens 100K")
    #expect(films.itemTags.count == 4)
  }

  @Test func theRuleForDuplicatesIsPassedOn() throws {
    let ratings = try smallMovieLens()
    try ratings.write("u.data", "7\t1\t2\t10\n7\t1\t5\t12\n")
    #expect(throws: DatasetError.self) { try readDataFolder(ratings.path) }
    #expect(try readDataFolder(ratings.path, duplicates: .sum).interactions.weights == [7])
  }

  @Test func otherFoldersAreRefused() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: DatasetError.self) { try readDataFolder(folder.path) }
    #expect(error == .unrecognisedFolder(path: folder.path))
    #expect(error?.exitStatus == .noInput)
    #expect(throws: DatasetError.missingFolder(path: folder("absent"))) { try readDataFolder(folder("absent")) }
    try folder.write("artists.dat", "id\tname\n1\ta\n")
    #expect(throws: DatasetError.file(.notFound(path: folder("user_artists.dat")))) { try readDataFolder(folder.path) }
  }
}
