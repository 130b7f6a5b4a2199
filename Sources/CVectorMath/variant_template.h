// One variant of the table: included once by each vector_math_*.c, which sets LANES (floats per register), TILE_ROWS,
// TABLE and VARIANT_NAME. Clang's vector types become whatever registers the target has. A product and a sum in one
// expression become one fused operation where the target has it.

#include "CVectorMath.h"

#include <math.h>
#include <stdint.h>

#pragma STDC FP_CONTRACT ON

typedef float vector __attribute__((ext_vector_type(LANES)));
typedef int32_t integers __attribute__((ext_vector_type(LANES)));
typedef vector unaligned_vector __attribute__((aligned(4)));

#define INLINE static inline __attribute__((always_inline))

INLINE vector load(const float *x) { return *(const unaligned_vector *)x; }
INLINE void store(float *x, vector value) { *(unaligned_vector *)x = value; }
INLINE vector splat(float x) { return (vector)x; }
/// Where `mask` is all ones, `x`, else `y`.
INLINE vector choose(integers mask, vector x, vector y) { return mask ? x : y; }

INLINE float horizontal_sum(vector x) {
  float sum = 0;
  for (int i = 0; i < LANES; i++) sum += x[i];
  return sum;
}

#include "exponential.h"
#include "span_kernels.h"
#include "tile_kernels.h"

const vector_math_table TABLE = {
    .name = VARIANT_NAME,
    .maximum = maximum,
    .exponentiate = exponentiate,
    .dot = dot,
    .scaled_add = scaled_add,
    .count_at_least = count_at_least,
    .first_above = first_above,
    .sum_rows = sum_rows,
    .add_to_rows = add_to_rows,
    .adagrad = adagrad,
    .adam = adam,
    .logit_tile = logit_tile,
    .add_row_sums = add_row_sums,
    .add_tile_times_candidates = add_tile_times_candidates,
    .add_transposed_tile_times_queries = add_transposed_tile_times_queries,
};
