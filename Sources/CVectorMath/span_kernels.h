// Kernels over contiguous spans: vectors first, then the last elements one by one.

static float maximum(const float *x, long count) {
  vector greatest = splat(-INFINITY);
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    vector value = load(x + i);
    greatest = choose(value > greatest, value, greatest);
  }
  float result = -INFINITY;
  for (int lane = 0; lane < LANES; lane++) result = greatest[lane] > result ? greatest[lane] : result;
  for (; i < count; i++) result = x[i] > result ? x[i] : result;
  return result;
}

static double exponentiate(float *x, long count, float shift) {
  vector sums = splat(0);
  double total = 0;
  long i = 0;
  while (i + LANES <= count) {
    long end = count - i > 4096 ? i + 4096 : count;  // short enough runs for sums in Float
    for (; i + LANES <= end; i += LANES) {
      vector value = exponential(load(x + i) - splat(shift));
      store(x + i, value);
      sums += value;
    }
    total += horizontal_sum(sums);
    sums = splat(0);
  }
  for (; i < count; i++) total += x[i] = exponential_of_one(x[i] - shift);
  return total;
}

static float dot(const float *x, const float *y, long count) {
  vector first = splat(0), second = splat(0);
  long i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    first = load(x + i) * load(y + i) + first;
    second = load(x + i + LANES) * load(y + i + LANES) + second;
  }
  if (i + LANES <= count) {
    first = load(x + i) * load(y + i) + first;
    i += LANES;
  }
  float result = horizontal_sum(first + second);
  for (; i < count; i++) result += x[i] * y[i];
  return result;
}

static void scaled_add(float a, const float *x, float b, float *y, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) store(y + i, splat(a) * load(x + i) + splat(b) * load(y + i));
  for (; i < count; i++) y[i] = a * x[i] + b * y[i];
}

static long count_at_least(const float *x, long count, float threshold) {
  integers counts = (integers)0;
  long total = 0, i = 0;
  while (i + LANES <= count) {
    long end = count - i > (1 << 20) ? i + (1 << 20) : count;  // no lane overflows
    for (; i + LANES <= end; i += LANES) counts -= (integers)(load(x + i) >= splat(threshold));
    for (int lane = 0; lane < LANES; lane++) total += counts[lane];
    counts = (integers)0;
  }
  for (; i < count; i++) total += x[i] >= threshold;
  return total;
}

static long first_above(const float *x, long start, long count, float threshold) {
  long i = start;
  for (; i + 4 * LANES <= count; i += 4 * LANES) {
    integers found = (integers)(load(x + i) > splat(threshold));
    for (int part = 1; part < 4; part++) found |= (integers)(load(x + i + part * LANES) > splat(threshold));
    if (__builtin_reduce_or(found)) break;
  }
  while (i < count && !(x[i] > threshold)) i++;
  return i;
}

static void sum_rows(const float *table, const int32_t *indices, const float *weights, long row_count, long width,
                     float *out) {
  long c = 0;
  for (; c + 4 * LANES <= width; c += 4 * LANES) {  // sums stay in registers over all rows
    vector sums[4] = {splat(0), splat(0), splat(0), splat(0)};
    for (long j = 0; j < row_count; j++) {
      const float *row = table + indices[j] * width + c;
      for (int part = 0; part < 4; part++) sums[part] = splat(weights[j]) * load(row + part * LANES) + sums[part];
    }
    for (int part = 0; part < 4; part++) store(out + c + part * LANES, sums[part]);
  }
  for (; c + LANES <= width; c += LANES) {
    vector sum = splat(0);
    for (long j = 0; j < row_count; j++) sum = splat(weights[j]) * load(table + indices[j] * width + c) + sum;
    store(out + c, sum);
  }
  for (; c < width; c++) {
    float sum = 0;
    for (long j = 0; j < row_count; j++) sum = weights[j] * table[indices[j] * width + c] + sum;
    out[c] = sum;
  }
}

static void add_to_rows(const float *row, const int32_t *indices, const float *weights, long row_count, long columns,
                        long width, float *table) {
  for (long j = 0; j < row_count; j++) {
    float *target = table + indices[j] * width;
    long c = 0;
    for (; c + LANES <= columns; c += LANES)
      store(target + c, splat(weights[j]) * load(row + c) + load(target + c));
    for (; c < columns; c++) target[c] = weights[j] * row[c] + target[c];
  }
}

static void adagrad(float *p, float *s, const float *gradient, long count, float scale, float rate,
                    float epsilon_inside, float epsilon_outside) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    vector g = splat(scale) * load(gradient + i);
    vector sum = g * g + load(s + i);
    store(s + i, sum);
    vector root = __builtin_elementwise_sqrt(sum + splat(epsilon_inside)) + splat(epsilon_outside);
    store(p + i, load(p + i) - splat(rate) * g / root);
  }
  for (; i < count; i++) {
    float g = scale * gradient[i];
    s[i] = g * g + s[i];
    p[i] = p[i] - rate * g / (sqrtf(s[i] + epsilon_inside) + epsilon_outside);
  }
}

static void adam(float *p, float *m, float *v, const float *gradient, long count, float scale, float beta1,
                 float beta2, float decay, float rate, float correction, float epsilon) {
  const float first = 1 - beta1, second = 1 - beta2;
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    vector g = splat(scale) * load(gradient + i);
    vector mean = load(m + i), square = load(v + i);
    mean = splat(first) * (g - mean) + mean;
    square = splat(second) * (g * g - square) + square;
    store(m + i, mean);
    store(v + i, square);
    vector root = splat(correction) * __builtin_elementwise_sqrt(square) + splat(epsilon);
    store(p + i, splat(decay) * load(p + i) - splat(rate) * mean / root);
  }
  for (; i < count; i++) {
    float g = scale * gradient[i];
    m[i] = first * (g - m[i]) + m[i];
    v[i] = second * (g * g - v[i]) + v[i];
    p[i] = decay * p[i] - rate * m[i] / (correction * sqrtf(v[i]) + epsilon);
  }
}
