#define LANES 4
#if defined(__aarch64__)
#define TILE_ROWS 8  // 32 registers
#else
#define TILE_ROWS 4
#endif
#define TABLE vector_math_baseline
#define VARIANT_NAME "baseline"
#include "variant_template.h"
