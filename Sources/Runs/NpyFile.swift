import Foundation
import TwoTowerAutodiff
import TwoTowerFiles
import TwoTowerKernels

/// Matrices in NumPy's file format, version 1.0
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): little-endian floats in row-major order.
package enum NpyFile {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]

  /// Writes `matrix`, `[rows, columns]`, to the file at `path`, whole or not at all.
  ///
  /// - Throws: `FileError.cannotWrite`.
  /// - Precondition: `matrix` has rank 2.
  package static func write(_ matrix: Tensor, to path: String, inNewFolder: Bool = false) throws(FileError) {
    precondition(matrix.shape.rank == 2, "NpyFile.write: shape \(matrix.shape) is not [rows, columns]")
    var header = header(rows: matrix.shape[0], columns: matrix.shape[1])
    // The data starts at a multiple of 64 bytes.
    header += String(repeating: " ", count: 63 - (magic.count + 2 + header.utf8.count) % 64) + "\n"
    let length = header.utf8.count
    let start = magic + [UInt8(length & 0xFF), UInt8(length >> 8)] + Array(header.utf8)
    try AtomicFiles.write(to: path, inNewFolder: inNewFolder) { file throws(FileError) in
      try file.write(start.span.bytes)
      try file.write(matrix.buffer.span.bytes)
    }
  }

  private static func header(rows: Int, columns: Int) -> String {
    "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
  }

  /// Reads a matrix that `write` or NumPy wrote from a two-dimensional `float32` array in row-major order.
  ///
  /// - Throws: `CheckpointError` when the file cannot be read or is anything else.
  package static func read(contentsOf path: String) throws(CheckpointError) -> Tensor {
    let bytes = try mappedBytes(of: path)
    let headerStart = magic.count + 2
    guard bytes.count >= headerStart, Array(bytes.prefix(magic.count)) == magic else {
      throw .malformed(path: path, place: "first bytes", found: "another format", expected: "NumPy format 1.0")
    }
    let dataStart = headerStart + Int(bytes[magic.count]) + Int(bytes[magic.count + 1]) << 8
    guard dataStart <= bytes.count else {
      throw .malformed(
        path: path, place: "header", found: "\(bytes.count) bytes in the file", expected: "at least \(dataStart)")
    }
    let found = String(decoding: bytes[headerStart..<dataStart], as: UTF8.self)
    let extents =
      found.split(separator: "(").last?.split(separator: ")").first?.split(separator: ",")
      .map { Int($0.trimmingCharacters(in: .whitespaces)) } ?? []
    guard extents.count == 2, let rows = extents[0], let columns = extents[1], rows >= 0, columns >= 0,
      found.trimmingCharacters(in: .whitespacesAndNewlines) == header(rows: rows, columns: columns)
    else {
      throw .malformed(
        path: path, place: "header", found: found.trimmingCharacters(in: .whitespacesAndNewlines).quoted(limit: 120),
        expected: "a matrix of '<f4' in row-major order")
    }
    let (count, countOverflows) = rows.multipliedReportingOverflow(by: columns)
    let (byteCount, overflows) = count.multipliedReportingOverflow(by: 4)
    guard !countOverflows && !overflows && byteCount == bytes.count - dataStart else {
      throw .malformed(
        path: path, place: "data", found: "\(bytes.count - dataStart) bytes", expected: "4 × \(rows) × \(columns)")
    }
    return Tensor(
      shape: [rows, columns], buffer: FloatBuffer(littleEndian: bytes.span.extracting(dataStart..<bytes.count).bytes))
  }
}
