import Foundation
import TwoTowerFiles

/// The bytes of a file, mapped rather than copied.
func mappedBytes(of path: String) throws(CheckpointError) -> Data {
  do throws(FileError) { return try MappedFile(path: path).data } catch { throw .file(error) }
}
