import Foundation

/// The system's own words for an error number: by default, that of the call that just failed.
package func systemErrorText(_ number: Int32 = errno) -> String { String(cString: strerror(number)) }
