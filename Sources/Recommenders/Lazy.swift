import Synchronization

/// A value that is made when it is first asked for, once, from whichever thread.
package final class Lazy<Value: Sendable>: Sendable {
  private let state: Mutex<Value?>
  private let make: @Sendable () throws -> Value

  package init(_ make: @escaping @Sendable () throws -> Value) {
    state = Mutex(nil)
    self.make = make
  }

  /// - Throws: what making it throws; the next call tries again.
  package func callAsFunction() throws -> Value {
    try state.withLock { value in
      if let value { return value }
      let made = try make()
      value = made
      return made
    }
  }
}
