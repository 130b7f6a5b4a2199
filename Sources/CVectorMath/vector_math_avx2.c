#if defined(__x86_64__)
#define LANES 8
#define TILE_ROWS 4
#define TABLE vector_math_avx2
#define VARIANT_NAME "avx2"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "variant_template.h"
#pragma clang attribute pop
#endif
