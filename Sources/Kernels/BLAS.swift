import TwoTowerCOpenBLAS

/// The calls into OpenBLAS and its LAPACK: nothing else in the kernels imports it.
///
/// Every call first keeps OpenBLAS on the calling thread, as our chunks are the only level of parallelism. Matrices are
/// row-major here; LAPACK counts columns first, so that the upper triangle of ours is the lower one of theirs.
enum BLAS {
  /// A library that is held to one thread; there is no other way to it.
  private static let singleThreaded: Library = {
    openblas_set_num_threads(1)
    return Library()
  }()

  /// The processors that OpenBLAS finds.
  static var processorCount: Int { Int(openblas_get_num_procs()) }

  /// C = alpha · op(A) · op(B) + beta · C (SGEMM); the rows of C are `rowStride` apart.
  static func multiply(
    _ a: UnsafePointer<Float>, rowStride strideA: Int, transposed transposesA: Bool,
    _ b: UnsafePointer<Float>, rowStride strideB: Int, transposed transposesB: Bool,
    into c: UnsafeMutablePointer<Float>, rowStride strideC: Int,
    rows: Int, columns: Int, inner: Int, alpha: Float, beta: Float
  ) {
    singleThreaded.sgemm(
      CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans, transposesB ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(inner), alpha, a, Int32(strideA), b, Int32(strideB), beta, c, Int32(strideC))
  }

  /// B = B · U⁻¹, or B · U⁻ᵀ, for the upper triangle U of `a` `[order, order]` and B `[rows, order]` (STRSM).
  static func solveTriangular(
    _ a: UnsafePointer<Float>, transposed: Bool, rows b: UnsafeMutablePointer<Float>, count: Int, order: Int
  ) {
    singleThreaded.strsm(
      CblasRowMajor, CblasRight, CblasUpper, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit,
      Int32(count), Int32(order), 1, a, Int32(order), b, Int32(order))
  }

  /// A = UᵀU in the upper triangle (SPOTRF); false where A is not positive definite.
  static func factorize(_ a: UnsafeMutablePointer<Float>, order: Int) -> Bool {
    var (n, info) = (blasint(order), blasint(0))
    singleThreaded.spotrf("L", &n, a, &n, &info, 1)
    return info == 0
  }

  /// The upper triangle of the inverse in the place of the factor U (SPOTRI); false where there is none.
  static func invertFactorized(_ a: UnsafeMutablePointer<Float>, order: Int) -> Bool {
    var (n, info) = (blasint(order), blasint(0))
    singleThreaded.spotri("L", &n, a, &n, &info, 1)
    return info == 0
  }

  /// Replaces the symmetric matrix `a` by its eigenvectors, a row each, in the order of `values`, which ascend (SSYEVD);
  /// false where the iteration did not converge.
  static func eigenvectors(_ a: UnsafeMutablePointer<Float>, values: UnsafeMutablePointer<Float>, order: Int) -> Bool {
    var (n, info, work, integers) = (blasint(order), blasint(0), [Float(0)], [blasint(0)])
    var (workCount, integerCount) = (blasint(-1), blasint(-1))
    // The first call asks how much room the second needs.
    for _ in 0..<2 {
      singleThreaded.ssyevd(
        "V", "L", &n, a, &n, values, &work, &workCount, &integers, &integerCount, &info, 1, 1)
      guard info == 0 else { return false }
      // A float may have rounded the count down.
      if workCount < 0 {
        (workCount, integerCount) = (max(blasint(work[0].nextUp), 1 + 6 * n + 2 * n * n), max(integers[0], 1))
        work = [Float](repeating: 0, count: Int(workCount))
        integers = [blasint](repeating: 0, count: Int(integerCount))
      }
    }
    return true
  }

  private struct Library {
    let sgemm = cblas_sgemm
    let strsm = cblas_strsm
    let spotrf = spotrf_
    let spotri = spotri_
    let ssyevd = ssyevd_
  }
}
