#ifndef CDIGEST_H
#define CDIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How SHA-256 is computed: in plain C, or by x86's instructions for it.
typedef enum { SHA256_PLAIN, SHA256_X86 } sha256_variant;

/// Whether this build and this processor have a variant. Asking the processor is slow: keep the answer.
bool sha256_is_available(sha256_variant variant);

/// Folds blocks of 64 bytes into a state of SHA-256 (FIPS 180-4, section 6.2.2). The blocks need no alignment; the
/// variant must be available.
void sha256_compress(sha256_variant variant, uint32_t state[8], const uint8_t *blocks, size_t block_count);

#endif
