import TwoTowerFiles

/// The file at `path`, or what a pipe holds.
func mappedFile(_ path: String) throws(DatasetError) -> MappedFile {
  do throws(FileError) { return try MappedFile(path: path, acceptsPipes: true) } catch { throw .file(error) }
}

/// The file at `path`, or nil where there is none.
func mappedFileIfPresent(_ path: String) throws(DatasetError) -> MappedFile? {
  do throws(FileError) { return try MappedFile.openIfPresent(path, acceptsPipes: true) } catch { throw .file(error) }
}
