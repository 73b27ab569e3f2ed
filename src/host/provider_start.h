/* One start of a provider: loads the DLL, calls WSPStartup and checks its results. */
#ifndef WS2SPI_HOST_PROVIDER_START_H
#define WS2SPI_HOST_PROVIDER_START_H

#include "catalog/catalog.h"

struct provider_start {
  HMODULE module; /* NULL: nothing to unload */
  WSPPROC_TABLE table;
};

/* Returns 0, or an error that host_start_provider documents, and then nothing is left behind. */
int provider_start(const struct catalog_entry *entry, struct provider_start *start);

/* Calls WSPCleanup. Returns 0 or its error. */
int provider_cleanup(const struct provider_start *start);

void provider_unload(struct provider_start *start);

#endif
