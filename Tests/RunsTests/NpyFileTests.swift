import Foundation
import Testing
import TestSupport
import TwoTowerAutodiff
import TwoTowerFiles
import TwoTowerRuns

struct NpyFileTests {
  @Test func theBytesAreThoseOfTheFormat() throws {
    try withTemporaryFolder { folder in
      try NpyFile.write(Tensor([1, 2], [1, -2]), to: "\(folder)/m.npy")
      let bytes = try contents(of: "\(folder)/m.npy")
      #expect(bytes.prefix(8) == Data([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]))
      #expect((Int(bytes[8]) + Int(bytes[9]) << 8 + 10) % 64 == 0)
      #expect(String(decoding: bytes[10..<128], as: UTF8.self).hasPrefix(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }  "))
      #expect(bytes[127] == 0x0A)
      #expect(bytes[128...] == Data([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]))
    }
  }

  @Test(arguments: [(0, 0), (0, 4), (3, 0), (1, 1), (123, 45)]) func whatIsWrittenIsReadBack(rows: Int, columns: Int) throws {
    let matrix = Tensor([rows, columns], (0..<rows * columns).map { Float($0) / 7 })
    try withTemporaryFolder { folder in
      try NpyFile.write(matrix, to: "\(folder)/m.npy")
      let read = try NpyFile.read(contentsOf: "\(folder)/m.npy")
      #expect(read.shape == matrix.shape && read.array == matrix.array)
    }
  }

  @Test func damagedFilesAreRefused() throws {
    try withTemporaryFolder { folder in
      try NpyFile.write(Tensor([2, 2], [1, 2, 3, 4]), to: "\(folder)/m.npy")
      let good = try contents(of: "\(folder)/m.npy")
      for length in [0, 5, 9, 60, good.count - 1] {
        try AtomicFiles.write(good.prefix(length), to: "\(folder)/short.npy")
        #expect(throws: CheckpointError.self) { try NpyFile.read(contentsOf: "\(folder)/short.npy") }
      }
      let doubles = String(decoding: good[10..<128], as: UTF8.self).replacingOccurrences(of: "<f4", with: "<f8")
      try AtomicFiles.write(good.prefix(10) + Data(doubles.utf8) + good[128...], to: "\(folder)/double.npy")
      #expect(throws: CheckpointError.self) { try NpyFile.read(contentsOf: "\(folder)/double.npy") }
    }
  }
}
