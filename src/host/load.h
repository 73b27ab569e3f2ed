/* Finds the WSPStartup of a catalog entry. */
#ifndef WS2SPI_HOST_LOAD_H
#define WS2SPI_HOST_LOAD_H

#include "catalog/catalog.h"

/* *module receives the DLL that was loaded for the entry, or NULL if the function is this DLL's
 * own or a registered one. Returns 0, WSAEPROVIDERFAILEDINIT or WSA_NOT_ENOUGH_MEMORY. */
int load_wsp_startup(const struct catalog_entry *entry, LPWSPSTARTUP *startup, HMODULE *module);

#endif
