import Synchronization

/// One value per chunk of a parallel loop, read in chunk order when all have ended.
final class ChunkResults<Value: Sendable>: Sendable {
  private let values: Mutex<[Value?]>

  init(count: Int) { values = Mutex([Value?](repeating: nil, count: count)) }

  subscript(chunk: Int) -> Value? {
    get { values.withLock { $0[chunk] } }
    set { values.withLock { $0[chunk] = newValue } }
  }

  /// Those that were set.
  var inOrder: [Value] { values.withLock { $0.compactMap(\.self) } }
}
