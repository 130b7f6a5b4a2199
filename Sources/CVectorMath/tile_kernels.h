// The steps of a retrieval softmax tile. Each keeps a block of TILE_ROWS x (2 registers) sums in registers while it
// runs along the summed extent, so it does two multiply-adds per broadcast number. A call's sums start at 0 and are
// then added to the output: sums of sums lose fewer digits than one long sum.

#define PANEL 32
#define UNROLL _Pragma("clang loop unroll(full)")

static void logit_tile(const float *queries, const float *panels, const float *bias, const float *shift, float *tile,
                       long rows, long panel_count, long dimension, bool exponentiates) {
  for (long p = 0; p < panel_count; p++) {
    for (long r = 0; r < rows; r += TILE_ROWS) {
      for (long j = 0; j < PANEL; j += 2 * LANES) {
        const float *query = queries + r / 8 * 8 * dimension + r % 8;
        const float *candidate = panels + p * PANEL * dimension + j;
        vector sums[TILE_ROWS][2];
        UNROLL for (int i = 0; i < TILE_ROWS; i++) sums[i][0] = sums[i][1] = splat(0);
        for (long k = 0; k < dimension; k++, query += 8, candidate += PANEL) {
          vector left = load(candidate), right = load(candidate + LANES);
          UNROLL for (int i = 0; i < TILE_ROWS; i++) {
            sums[i][0] = splat(query[i]) * left + sums[i][0];
            sums[i][1] = splat(query[i]) * right + sums[i][1];
          }
        }
        float *output = tile + (p * rows + r) * PANEL + j;
        UNROLL for (int i = 0; i < TILE_ROWS; i++) {
          UNROLL for (int half = 0; half < 2; half++) {
            vector logit = sums[i][half] + load(bias + p * PANEL + j + half * LANES) - splat(shift[r + i]);
            store(output + i * PANEL + half * LANES, exponentiates ? exponential(logit) : logit);
          }
        }
      }
    }
  }
}

static void add_row_sums(const float *tile, double *sums, long rows, long panel_count) {
  for (long r = 0; r < rows; r++) {
    vector first = splat(0), second = splat(0);
    for (long p = 0; p < panel_count; p++) {
      const float *row = tile + (p * rows + r) * PANEL;
      UNROLL for (int j = 0; j < PANEL; j += 2 * LANES) {
        first += load(row + j);
        second += load(row + j + LANES);
      }
    }
    sums[r] += horizontal_sum(first + second);
  }
}

/// `registers` (1 or 2) registers of the width from column `w` on.
INLINE void tile_times_candidates(const float *tile, const float *candidates, float *output, long rows,
                                  long panel_count, long width, long r, long w, const int registers) {
  vector sums[TILE_ROWS][2];
  UNROLL for (int i = 0; i < TILE_ROWS; i++) sums[i][0] = sums[i][1] = splat(0);
  for (long p = 0; p < panel_count; p++) {
    const float *row = tile + (p * rows + r) * PANEL;
    const float *candidate = candidates + p * PANEL * width + w;
    for (long j = 0; j < PANEL; j++, row++, candidate += width) {
      vector value[2];
      UNROLL for (int half = 0; half < registers; half++) value[half] = load(candidate + half * LANES);
      UNROLL for (int i = 0; i < TILE_ROWS; i++) {
        UNROLL for (int half = 0; half < registers; half++) {
          sums[i][half] = splat(row[i * PANEL]) * value[half] + sums[i][half];
        }
      }
    }
  }
  UNROLL for (int i = 0; i < TILE_ROWS; i++) {
    UNROLL for (int half = 0; half < registers; half++) {
      float *place = output + (r + i) * width + w + half * LANES;
      store(place, load(place) + sums[i][half]);
    }
  }
}

static void add_tile_times_candidates(const float *tile, const float *candidates, float *output, long rows,
                                      long panel_count, long width) {
  for (long r = 0; r < rows; r += TILE_ROWS) {
    long w = 0;
    for (; w + 2 * LANES <= width; w += 2 * LANES) {
      tile_times_candidates(tile, candidates, output, rows, panel_count, width, r, w, 2);
    }
    for (; w < width; w += LANES) {
      tile_times_candidates(tile, candidates, output, rows, panel_count, width, r, w, 1);
    }
  }
}

/// TILE_ROWS columns of the tile from `j` of panel `p` on.
INLINE void transposed_tile_times_queries(const float *panel, const float *queries, float *output, long rows,
                                          long width, long w, const int registers) {
  vector sums[TILE_ROWS][2];
  UNROLL for (int i = 0; i < TILE_ROWS; i++) sums[i][0] = sums[i][1] = splat(0);
  const float *query = queries + w;
  for (long r = 0; r < rows; r++, panel += PANEL, query += width) {
    vector value[2];
    UNROLL for (int half = 0; half < registers; half++) value[half] = load(query + half * LANES);
    UNROLL for (int i = 0; i < TILE_ROWS; i++) {
      UNROLL for (int half = 0; half < registers; half++) {
        sums[i][half] = splat(panel[i]) * value[half] + sums[i][half];
      }
    }
  }
  UNROLL for (int i = 0; i < TILE_ROWS; i++) {
    UNROLL for (int half = 0; half < registers; half++) {
      float *place = output + i * width + w + half * LANES;
      store(place, load(place) + sums[i][half]);
    }
  }
}

static void add_transposed_tile_times_queries(const float *tile, const float *queries, float *output, long rows,
                                              long panel_count, long width) {
  for (long p = 0; p < panel_count; p++) {
    for (long j = 0; j < PANEL; j += TILE_ROWS) {
      const float *panel = tile + p * rows * PANEL + j;
      float *block = output + (p * PANEL + j) * width;
      long w = 0;
      for (; w + 2 * LANES <= width; w += 2 * LANES) {
        transposed_tile_times_queries(panel, queries, block, rows, width, w, 2);
      }
      for (; w < width; w += LANES) transposed_tile_times_queries(panel, queries, block, rows, width, w, 1);
    }
  }
}
