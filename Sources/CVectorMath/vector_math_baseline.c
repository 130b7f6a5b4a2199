#define LANES 4
#define TILE_ROWS 4
#define TABLE vector_math_baseline
#define VARIANT_NAME "baseline"
#include "variant_template.h"
