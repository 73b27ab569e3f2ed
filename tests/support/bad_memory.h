/* Every kind of bad pointer that a caller can pass, with real memory behind it. */
#ifndef WS2SPI_TESTS_BAD_MEMORY_H
#define WS2SPI_TESTS_BAD_MEMORY_H

#include <stddef.h>

struct bad_pointer {
  const char *kind;
  void *address;
  int readable; /* it is readable, but not writable */
};

/* The list; it ends with kind == NULL. Unmapped addresses are those of memory freed just before,
 * because low addresses are writable under Wine on i686. */
const struct bad_pointer *bad_pointers(void);

/* The address, for one use: an access to a guard page clears the guard, so this sets it again. */
void *bad_address(const struct bad_pointer *bad);

/* The last `size` bytes of a writable page whose next page is not mapped. */
void *end_of_page(size_t size);

#endif
