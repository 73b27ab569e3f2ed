/* In place of the DLL's own: the catalog of the model has two entries and never changes. */
#ifndef WS2SPI_CATALOG_CATALOG_H
#define WS2SPI_CATALOG_CATALOG_H

#include "platform/windows_headers.h"

#include <stdbool.h>

enum { MODEL_BASE_ENTRY = 1001, MODEL_LAYER_ENTRY = 1008 };

static inline bool catalog_contains_unlocked(DWORD id)
{
  return id == MODEL_BASE_ENTRY || id == MODEL_LAYER_ENTRY;
}

bool catalog_contains(DWORD id);

#endif
