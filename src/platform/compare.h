/* Comparison functions for qsort and bsearch. */
#ifndef WS2SPI_PLATFORM_COMPARE_H
#define WS2SPI_PLATFORM_COMPARE_H

#include "platform/windows_headers.h"

static inline int compare_dwords(const void *left, const void *right)
{
  const DWORD a = *(const DWORD *)left;
  const DWORD b = *(const DWORD *)right;

  return (a > b) - (a < b);
}

#endif
