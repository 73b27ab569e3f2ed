/* Every kind of bad pointer a caller can pass, made for real. */
#ifndef WS2SPI_TESTS_BAD_MEMORY_H
#define WS2SPI_TESTS_BAD_MEMORY_H

#include <stddef.h>

struct bad_pointer {
  const char *kind;
  void *address;
  int readable; /* it can be read, but not written */
};

/* The list, ending with kind == NULL. Unmapped addresses are ones just freed: low
 * addresses are writable under Wine on i686. */
const struct bad_pointer *bad_pointers(void);

/* The address, for one use: touching a guard page uses it up, so it is armed anew. */
void *bad_address(const struct bad_pointer *bad);

/* The last `size` bytes of a writable page whose next page is not mapped. */
void *end_of_page(size_t size);

#endif
