#ifndef CVECTORMATH_H
#define CVECTORMATH_H

#include <stdbool.h>
#include <stdint.h>

/// Hot loops compiled for several instruction sets; one table per variant, chosen at run time.
///
/// Pointers need no alignment. Counts are not negative. A variant's result depends on its input alone.
typedef struct {
  const char *name;

  /// The greatest element, -infinity for none. Elements that are not numbers are passed over.
  float (*maximum)(const float *x, long count);
  /// x = exp(x - shift), in place; returns the sum. exp(-infinity) is 0.
  double (*exponentiate)(float *x, long count, float shift);
  /// The sum of x * y.
  float (*dot)(const float *x, const float *y, long count);
  /// y = a * x + b * y.
  void (*scaled_add)(float a, const float *x, float b, float *y, long count);
  /// The number of elements at or above `threshold`.
  long (*count_at_least)(const float *x, long count, float threshold);
  /// The first index from `start` on whose element is above `threshold` (or `count`).
  long (*first_above)(const float *x, long start, long count, float threshold);

  /// out = the sum over j of weights[j] * row indices[j] of `table` [n, width]; zeros for no rows.
  void (*sum_rows)(const float *table, const int32_t *indices, const float *weights, long row_count, long width,
                   float *out);
  /// table[indices[j], c] += weights[j] * row[c] for each j in order and c < columns; rows of `table` are `width` apart.
  void (*add_to_rows)(const float *row, const int32_t *indices, const float *weights, long row_count, long columns,
                      long width, float *table);

  /// Adagrad: s += g^2; p -= rate * g / (sqrt(s + epsilon_inside) + epsilon_outside), with g = scale * gradient.
  void (*adagrad)(float *p, float *s, const float *gradient, long count, float scale, float rate,
                  float epsilon_inside, float epsilon_outside);
  /// Adam: m += (1 - beta1) * (g - m); v += (1 - beta2) * (g^2 - v);
  /// p = decay * p - rate * m / (correction * sqrt(v) + epsilon), with g = scale * gradient.
  void (*adam)(float *p, float *m, float *v, const float *gradient, long count, float scale, float beta1,
               float beta2, float decay, float rate, float correction, float epsilon);

  // The four steps of a tile of the retrieval softmax. A tile of exponentials is [panels, rows, 32]: 32 columns form
  // a panel, so that each step reads memory in order. `rows` is a multiple of 8, `width` (the dimension padded with
  // zeros) of 16.

  /// tile = exp(queries . candidates + bias - shift), or without exp.
  /// queries [rows / 8, dimension, 8]; panels [panels, dimension, 32]; bias [panels * 32]; shift [rows].
  void (*logit_tile)(const float *queries, const float *panels, const float *bias, const float *shift, float *tile,
                     long rows, long panel_count, long dimension, bool exponentiates);
  /// sums[r] += the sum of row r of the tile.
  void (*add_row_sums)(const float *tile, double *sums, long rows, long panel_count);
  /// output [rows, width] += tile . candidates [panels * 32, width].
  void (*add_tile_times_candidates)(const float *tile, const float *candidates, float *output, long rows,
                                    long panel_count, long width);
  /// output [panels * 32, width] += transposed tile . queries [rows, width].
  void (*add_transposed_tile_times_queries)(const float *tile, const float *queries, float *output, long rows,
                                            long panel_count, long width);
} vector_math_table;

typedef enum { VECTOR_MATH_BASELINE, VECTOR_MATH_AVX2, VECTOR_MATH_AVX512, VECTOR_MATH_VARIANTS } vector_math_variant;

/// The table of a variant, or NULL when this build or this processor does not have it.
const vector_math_table *vector_math_of(vector_math_variant variant);

#endif
