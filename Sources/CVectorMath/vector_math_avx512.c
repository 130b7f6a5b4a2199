#if defined(__x86_64__)
#define LANES 16
#define TILE_ROWS 8
#define TABLE vector_math_avx512
#define VARIANT_NAME "avx512"
#pragma clang attribute push(__attribute__((target("avx512f,avx2,fma"))), apply_to = function)
#include "variant_template.h"
#pragma clang attribute pop
#endif
