import Foundation
import Synchronization

/// Keeps the memory of freed buffers for the next ones of the same size.
///
/// Every training step allocates the sizes of the step before. Pages fresh from the system are cleared by it first,
/// which costs more than the arithmetic on them.
package enum BlockPool {
  private struct Kept {
    /// Addresses by size.
    var blocks: [Int: [UInt]] = [:]
    var byteCount = 0
  }

  private static let kept = Mutex(Kept())
  /// Below, `malloc` does as well.
  private static let smallestBlock = 1 << 16
  private static let limit = 128 << 20
  /// From here on blocks are pages of their own, which go back to the system when they are freed: `malloc` keeps gaps
  /// between blocks whose sizes differ from step to step, and training grew by a gigabyte.
  private static let smallestMapping = 1 << 20

  /// Memory of at least `byteCount` bytes, aligned to 64, with any content.
  static func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let size = roundedSize(byteCount)
    if size >= smallestBlock, let address = kept.withLock({ takeKept(size, &$0) }),
      let block = UnsafeMutableRawPointer(bitPattern: address)
    {
      return block
    }
    guard size >= smallestMapping else { return .allocate(byteCount: size, alignment: 64) }
    guard
      let block = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), block != MAP_FAILED
    else { fatalError("BlockPool: no memory for \(size) bytes") }
    return block
  }

  private static func free(_ block: UnsafeMutableRawPointer, size: Int) {
    if size >= smallestMapping { munmap(block, size) } else { block.deallocate() }
  }

  /// Takes back what `take` gave for `byteCount` bytes.
  static func giveBack(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
    let size = roundedSize(byteCount)
    guard size >= smallestBlock && size <= limit else { return free(block, size: size) }
    let address = UInt(bitPattern: block)
    kept.withLock { kept in
      if kept.byteCount + size > limit { empty(&kept) }  // sizes of the past must not fill it for ever
      kept.blocks[size, default: []].append(address)
      kept.byteCount += size
    }
  }

  private static func takeKept(_ size: Int, _ kept: inout Kept) -> UInt? {
    guard let address = kept.blocks[size]?.popLast() else { return nil }
    kept.byteCount -= size
    return address
  }

  /// Gives the memory that is kept for later buffers, at most 128 MB, back to the system.
  package static func empty() { kept.withLock { empty(&$0) } }

  /// The bytes that are kept for later buffers.
  package static var keptByteCount: Int { kept.withLock(\.byteCount) }

  private static func empty(_ kept: inout Kept) {
    for (size, addresses) in kept.blocks {
      for address in addresses { UnsafeMutableRawPointer(bitPattern: address).map { free($0, size: size) } }
    }
    kept = Kept()
  }

  private static func roundedSize(_ byteCount: Int) -> Int {
    byteCount < smallestBlock ? max(byteCount, 4) : (byteCount + 4095) / 4096 * 4096
  }
}
