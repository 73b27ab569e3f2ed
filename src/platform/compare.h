/* Comparison functions for qsort and bsearch. No system header is included: the tool uses this
 * file too, with system headers of its own. */
#ifndef WS2SPI_PLATFORM_COMPARE_H
#define WS2SPI_PLATFORM_COMPARE_H

static inline int compare_dwords(const void *left, const void *right)
{
  const unsigned long a = *(const unsigned long *)left;
  const unsigned long b = *(const unsigned long *)right;

  return (a > b) - (a < b);
}

#endif
