import TwoTowerFiles

/// Reads a folder in whichever of the known formats its files show.
///
/// - `u.data`: MovieLens 100K, as `readMovieLens` reads it.
/// - `user_artists.dat` or `artists.dat`: HetRec 2011, as `readHetRec` reads it.
///
/// The first of the data set's remarks says which it was.
package func readDataFolder(_ folder: String, duplicates: DuplicateRule = .refuse) throws(DatasetError) -> Dataset {
  let folder = withoutTrailingSlashes(folder)
  guard PathKind(folder) == .folder else { throw .missingFolder(path: folder) }
  func exists(_ name: String) -> Bool { PathKind("\(folder)/\(name)") != .nothing }
  var data: Dataset
  if exists("u.data") {
    data = try readMovieLens(folder: folder, duplicates: duplicates)
    data.remarks.insert("u.data found: read as MovieLens 100K", at: 0)
  } else if exists("user_artists.dat") || exists("artists.dat") {
    data = try readHetRec(folder: folder, duplicates: duplicates)
    data.remarks.insert("user_artists.dat found: read as HetRec 2011", at: 0)
  } else {
    throw .unrecognisedFolder(path: folder)
  }
  return data
}

/// The path as its last name ends it.
package func withoutTrailingSlashes(_ path: String) -> String {
  var path = path
  while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
  return path
}

/// The path's last name, by which people know the folder or file.
func lastComponent(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
