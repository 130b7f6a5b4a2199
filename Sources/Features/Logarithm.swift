#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The natural logarithm; the one place that needs the C library.
func logarithm(_ value: Double) -> Double { log(value) }
