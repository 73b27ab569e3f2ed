/* From the path of an entry to the WSPStartup of its DLL. */
#ifndef WS2SPI_HOST_LOAD_H
#define WS2SPI_HOST_LOAD_H

#include "catalog/catalog.h"

/* Finds the function to call for this entry. *module is the DLL that was loaded for
 * it, or NULL when the function is our own or a registered one. 0,
 * WSAEPROVIDERFAILEDINIT or WSA_NOT_ENOUGH_MEMORY. */
int load_provider(const struct catalog_entry *entry, LPWSPSTARTUP *startup, HMODULE *module);

#endif
