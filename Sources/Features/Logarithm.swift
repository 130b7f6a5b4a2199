import Foundation

/// The natural logarithm; the one place that needs the C library.
func logarithm(_ value: Double) -> Double { log(value) }
