#include <cblas.h>
#include <stddef.h>

// LAPACK routines that the OpenBLAS library carries. Its development package has no header for them everywhere, so
// they are declared here as Fortran compilers see them: after the arguments comes the length of the character one.

/// Cholesky factorisation of a symmetric positive definite matrix, in place.
void spotrf_(const char *uplo, const blasint *n, float *a, const blasint *lda, blasint *info, size_t uplo_length);

/// Eigenvalues, ascending, and with `jobz` V eigenvectors of a symmetric matrix, by divide and conquer.
void ssyevd_(
    const char *jobz, const char *uplo, const blasint *n, float *a, const blasint *lda, float *w, float *work,
    const blasint *lwork, blasint *iwork, const blasint *liwork, blasint *info, size_t jobz_length,
    size_t uplo_length);

/// The inverse from the Cholesky factor, in place.
void spotri_(const char *uplo, const blasint *n, float *a, const blasint *lda, blasint *info, size_t uplo_length);
