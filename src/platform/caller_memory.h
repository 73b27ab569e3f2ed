/* Access to memory that belongs to a caller and may be anything: unmapped,
 * read-only, a guard page, kernel space. Every function says whether the access
 * succeeded and never raises. A good pointer costs about 2 ns; the IsBad…Ptr
 * functions are not used because they crash on guard pages under Wine and race
 * with other threads everywhere. */
#ifndef WS2SPI_PLATFORM_CALLER_MEMORY_H
#define WS2SPI_PLATFORM_CALLER_MEMORY_H

#include "platform/guarded_access.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A place in what a caller's pointer points at. Where that may be anything the language defines
 * neither its members nor sums with it. */
static inline void *caller_offset(const void *pointer, size_t offset)
{
  return (void *)((uintptr_t)pointer + offset);
}

/* False. What was refused goes to the log, with the function that fails because of it. */
bool caller_cannot_write(const void *target, size_t size);

static inline bool caller_store_int(int *target, int value)
{
  return guarded_store_int(target, value) != 0 || caller_cannot_write(target, sizeof value);
}

static inline bool caller_store_pointer(void *target, uintptr_t value)
{
  return guarded_store_pointer(target, value) != 0 || caller_cannot_write(target, sizeof value);
}

/* A copy that fails may have copied a prefix. */
bool caller_read(void *destination, const void *source, size_t size);
bool caller_write(void *destination, const void *source, size_t size);

/* Whether all of it can be written; changes nothing, even under other writers. */
bool caller_can_write(void *target, size_t size);

/* The length of a NUL-terminated string, or `limit` if it is longer, or
 * CALLER_BAD_STRING if it cannot be read. */
#define CALLER_BAD_STRING ((size_t)-1)
size_t caller_string_length(const wchar_t *string, size_t limit);

/* Whether a call to this address would meet executable memory. */
bool caller_can_execute(const void *address);

#endif
