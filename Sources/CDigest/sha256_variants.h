#include "CDigest.h"

/// FIPS 180-4, section 4.2.2. Aligned to 16 bytes.
extern const uint32_t sha256_round_constants[64];

void sha256_plain_compress(uint32_t state[8], const uint8_t *blocks, size_t block_count);

#if defined(__x86_64__)
bool sha256_x86_is_available(void);
void sha256_x86_compress(uint32_t state[8], const uint8_t *blocks, size_t block_count);
#endif
