/* The 32-bit FNV-1a hash, one value at a time. Hashes are stored in the registry, so
 * the function must not change. */
#ifndef WS2SPI_PLATFORM_FNV1A_H
#define WS2SPI_PLATFORM_FNV1A_H

#include <stdint.h>

#define FNV1A_BASIS UINT32_C(2166136261)

static inline uint32_t fnv1a_add(uint32_t hash, uint32_t value)
{
  return (hash ^ value) * UINT32_C(16777619);
}

#endif
