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

  /// Memory of at least `byteCount` bytes, aligned to 64, with any content.
  static func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let size = roundedSize(byteCount)
    if size >= smallestBlock, let address = kept.withLock({ takeKept(size, &$0) }),
      let block = UnsafeMutableRawPointer(bitPattern: address)
    {
      return block
    }
    return .allocate(byteCount: size, alignment: 64)
  }

  /// Takes back what `take` gave for `byteCount` bytes.
  static func giveBack(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
    let size = roundedSize(byteCount)
    guard size >= smallestBlock && size <= limit else { return block.deallocate() }
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
    for address in kept.blocks.values.joined() { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
    kept = Kept()
  }

  private static func roundedSize(_ byteCount: Int) -> Int {
    byteCount < smallestBlock ? max(byteCount, 4) : (byteCount + 4095) / 4096 * 4096
  }
}
