#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#include "sha256_variants.h"

#pragma clang attribute push(__attribute__((target("sha,sse4.1,ssse3"))), apply_to = function)

/// The instructions keep the state as two vectors, {f, e, b, a} and {h, g, d, c} from the lowest element, and do two
/// rounds each. The message schedule is a ring of four vectors of four words.
void sha256_x86_compress(uint32_t state[8], const uint8_t *blocks, size_t block_count) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  __m128i low = _mm_loadu_si128((const __m128i *)state);         // d c b a, highest first
  __m128i high = _mm_loadu_si128((const __m128i *)(state + 4));  // h g f e
  low = _mm_shuffle_epi32(low, 0xB1);                            // c d a b
  high = _mm_shuffle_epi32(high, 0x1B);                          // e f g h
  __m128i abef = _mm_alignr_epi8(low, high, 8);
  __m128i cdgh = _mm_blend_epi16(high, low, 0xF0);

  for (; block_count > 0; block_count--, blocks += 64) {
    const __m128i old_abef = abef, old_cdgh = cdgh;
    __m128i words[4];
    for (int i = 0; i < 4; i++) {
      words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(blocks + 16 * i)), big_endian);
    }
#pragma clang loop unroll(full)
    for (int group = 0; group < 16; group++) {
      const __m128i constants = _mm_load_si128((const __m128i *)(sha256_round_constants + 4 * group));
      const __m128i current = words[group & 3];
      __m128i sum = _mm_add_epi32(current, constants);
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      sum = _mm_shuffle_epi32(sum, 0x0E);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, sum);
      if (group < 12) {
        // W[t] = s1(W[t-2]) + W[t-7] + s0(W[t-15]) + W[t-16]
        const __m128i last = words[(group + 3) & 3];
        __m128i next = _mm_sha256msg1_epu32(current, words[(group + 1) & 3]);
        next = _mm_add_epi32(next, _mm_alignr_epi8(last, words[(group + 2) & 3], 4));
        words[group & 3] = _mm_sha256msg2_epu32(next, last);
      }
    }
    abef = _mm_add_epi32(abef, old_abef);
    cdgh = _mm_add_epi32(cdgh, old_cdgh);
  }

  low = _mm_shuffle_epi32(abef, 0x1B);   // f e b a, highest first
  high = _mm_shuffle_epi32(cdgh, 0xB1);  // g h c d
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(low, high, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

#pragma clang attribute pop

bool sha256_x86_is_available(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) { return false; }
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

#endif
