// exp(x) to about 1e-7 relative for x in [-87.3, 88.3]; 0 below (also for -infinity), infinity above, NaN for NaN.
//
// exp(x) = 2^n * exp(r) with n = round(x / ln 2) and |r| <= ln 2 / 2; exp(r) = 1 + r + r^2 P(r), P a minimax fit of
// degree 4 for the relative error. ln 2 is split so that n * (its first part) is exact (Cody and Waite 1980).
INLINE vector exponential(vector x) {
  const vector low = splat(-88.0f), high = splat(89.0f);
  x = choose(x < low, low, x);  // keeps NaN, as comparisons with it are false
  x = choose(x > high, high, x);
  // Adding 1.5 * 2^23 rounds to a whole number; the 127 more make the low bits the exponent field of 2^n.
  const vector shifter = splat(12582912.0f + 127.0f);
  vector shifted = x * splat(1.44269504f) + shifter;
  vector n = shifted - shifter;
  vector power = (vector)((integers)shifted << 23);
  vector r = x - n * splat(0.693359375f);
  r = r + n * splat(2.12194440e-4f);
  vector p = r * splat(1.381452777e-3f) + splat(8.368744515e-3f);
  p = p * r + splat(4.166839272e-2f);
  p = p * r + splat(1.666652113e-1f);
  p = p * r + splat(4.999999404e-1f);
  p = p * (r * r) + r + splat(1.0f);
  return p * power;
}

/// The same for one number.
INLINE float exponential_of_one(float x) { return exponential(splat(x))[0]; }
