import Foundation
import Synchronization

/// Remembers the first interrupting signal, so that work stops at the next good place.
///
/// A second one ends at once.
enum Interrupts {
  private static let received = Atomic<Int32>(0)

  /// From here on SIGINT and SIGTERM are remembered instead of ending the process.
  static func catchSignals() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interrupts.received.store(number, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    signal(SIGPIPE, SIG_IGN)
    // Whoever started the tool may have had them blocked, and it inherits that.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// The signal to stop for, or nil.
  static var pending: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Stops here when a signal has come: for places with nothing to save.
  static func check() throws {
    if let number = pending { throw Interrupted(signal: number) }
  }
}

/// The work was stopped by a signal, and what there was to save has been saved.
struct Interrupted: Error {
  let signal: Int32

  /// As a shell reports it.
  var exitStatus: Int32 { 128 + signal }
}
