import TwoTowerCOpenBLAS
import TwoTowerKernels

extension Case {
  /// The product of two 1024 × 1024 matrices by OpenBLAS alone, with threads of its own.
  static func sgemm(threads: Int) -> Case {
    let n = 1024
    let (a, b, c) = (randomBuffer(n * n, seed: 1), randomBuffer(n * n, seed: 2), FloatBuffer(zeros: n * n))
    return Case(name: "OpenBLAS SGEMM 1024³", threads: threads, work: 2 * Double(n * n * n), unit: .operations) {
      openblas_set_num_threads(Int32(threads))
      defer { openblas_set_num_threads(1) }
      var out = c.mutableSpan
      a.span.withUnsafeBufferPointer { a in
        b.span.withUnsafeBufferPointer { b in
          out.withUnsafeMutableBufferPointer { c in
            let n = Int32(n)
            cblas_sgemm(
              CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a.baseAddress, n, b.baseAddress, n, 0,
              c.baseAddress, n)
          }
        }
      }
    }
  }

  /// y += x over 128 MB: two reads and a write of each element.
  static func bandwidth(threads: Int) -> Case {
    let count = 16 << 20
    let (x, y) = (randomBuffer(count, seed: 3), FloatBuffer(zeros: count))
    return Case(name: "memory: y += x over 128 MB", threads: threads, work: 12 * Double(count), unit: .bytes) {
      var out = y.mutableSpan
      addScaled(1, x.span, into: &out)
    }
  }
}
