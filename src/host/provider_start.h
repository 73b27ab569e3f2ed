/* One WSPStartup: load, call, check what came back. */
#ifndef WS2SPI_HOST_PROVIDER_START_H
#define WS2SPI_HOST_PROVIDER_START_H

#include "catalog/catalog.h"

struct launched_provider {
  HMODULE module; /* NULL: nothing to unload */
  WSPPROC_TABLE table;
};

/* 0, or what host_start_provider documents, and then nothing is left behind. */
int launch_provider(const struct catalog_entry *entry, struct launched_provider *launched);

/* WSPCleanup. 0 or its error. */
int cleanup_provider(const struct launched_provider *launched);

void unload_provider(struct launched_provider *launched);

#endif
