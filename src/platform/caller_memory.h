/* Access to memory of a caller, which may be unmapped, read-only, a guard page or kernel space.
 * Every function reports whether the access succeeded, and never raises an exception. A good
 * pointer costs about 2 ns. The IsBad...Ptr functions are not used: they crash on guard pages
 * under Wine, and on any system another thread may unmap the memory after the test. */
#ifndef WS2SPI_PLATFORM_CALLER_MEMORY_H
#define WS2SPI_PLATFORM_CALLER_MEMORY_H

#include "platform/guarded_access.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The address of a member of a caller's structure. In C, neither p->member nor p + offset is
 * defined for a pointer that may be invalid. */
static inline void *caller_offset(const void *pointer, size_t offset)
{
  return (void *)((uintptr_t)pointer + offset);
}

/* Keeps the bad pointer for the log and returns false. */
bool caller_fail_write(const void *target, size_t size);

static inline bool caller_store_int(int *target, int value)
{
  return guarded_store_int(target, value) != 0 || caller_fail_write(target, sizeof value);
}

/* Whether an int that only the calling thread writes to can be written; leaves it as it is. */
static inline bool caller_can_store_int(int *target)
{
  return guarded_touch_int(target) != 0 || caller_fail_write(target, sizeof *target);
}

static inline bool caller_store_pointer(void *target, uintptr_t value)
{
  return guarded_store_pointer(target, value) != 0 || caller_fail_write(target, sizeof value);
}

/* A copy that fails may have copied the first bytes. */
bool caller_read(void *destination, const void *source, size_t size);
bool caller_write(void *destination, const void *source, size_t size);

/* Whether all of it can be written. Changes nothing, even if other threads write at the same
 * time. */
bool caller_can_write(void *target, size_t size);

/* The length of a NUL-terminated string, `limit` if it is longer, or CALLER_BAD_STRING if it
 * cannot be read. */
#define CALLER_BAD_STRING ((size_t)-1)
size_t caller_string_length(const wchar_t *string, size_t limit);

/* Whether the address is in executable memory. */
bool caller_can_execute(const void *address);

#endif
