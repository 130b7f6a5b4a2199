#include "CVectorMath.h"

#include <stddef.h>

extern const vector_math_table vector_math_baseline;
#if defined(__x86_64__)
extern const vector_math_table vector_math_avx2;
extern const vector_math_table vector_math_avx512;
#endif

const vector_math_table *vector_math_of(vector_math_variant variant) {
  switch (variant) {
    case VECTOR_MATH_BASELINE:
      return &vector_math_baseline;
#if defined(__x86_64__)
    case VECTOR_MATH_AVX2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &vector_math_avx2 : NULL;
    case VECTOR_MATH_AVX512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma") ? &vector_math_avx512 : NULL;
#endif
    default:
      return NULL;
  }
}
