import Foundation
import Testing
import TwoTowerFiles

struct FreeMemoryTests {
  @Test func isSomeOfTheMachines() throws {
    guard FileManager.default.fileExists(atPath: "/proc/meminfo") else { return }
    let free = try #require(freeMemory())
    #expect(free > 1 << 20 && free <= Int(ProcessInfo.processInfo.physicalMemory))
  }

  @Test(arguments: [(0, "0.0 GB"), (49_999_999, "0.0 GB"), (50_000_000, "0.1 GB"), (3_566_000_000, "3.6 GB")])
  func bytesInWords(bytes: Int, words: String) { #expect(gigabytes(bytes) == words) }
}
