#ifndef CVECTORMATH_H
#define CVECTORMATH_H

/// The widest instruction set that this processor and this build offer: "avx512", "avx2" or "baseline".
const char *vector_math_variant(void);

#endif
