#include "sha256_variants.h"

bool sha256_is_available(sha256_variant variant) {
#if defined(__x86_64__)
  if (variant == SHA256_X86) { return sha256_x86_is_available(); }
#endif
  return variant == SHA256_PLAIN;
}

void sha256_compress(sha256_variant variant, uint32_t state[8], const uint8_t *blocks, size_t block_count) {
#if defined(__x86_64__)
  if (variant == SHA256_X86) { return sha256_x86_compress(state, blocks, block_count); }
#endif
  sha256_plain_compress(state, blocks, block_count);
}
