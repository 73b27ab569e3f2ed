/* The entries of this process alone, which lie over whatever store is open: registered
 * providers, and what is installed as a chain over one. */
#ifndef WS2SPI_CATALOG_OVERLAY_H
#define WS2SPI_CATALOG_OVERLAY_H

#include "catalog/catalog.h"

/* Adds entries of one provider, all or none, with ids that follow *first_id. `startup` is
 * NULL for installed ones. 0, WSAEINVAL (an impossible entry), WSANO_RECOVERY (the
 * provider id is in use, or ids are), WSA_NOT_ENOUGH_MEMORY. */
int overlay_add(const struct catalog_item *items, size_t count, LPWSPSTARTUP startup,
                DWORD *first_id);

/* WSAEINVAL: no such entry, or not a registered one. */
int overlay_remove_registered(DWORD id);

/* Whether there are installed ones of this provider, and removes them. WSAEINVAL: none. */
bool overlay_has_installed(const GUID *provider_id);
int overlay_remove_installed(const GUID *provider_id);

/* Whether there is an entry of this provider; entered with the tables' lock. */
bool overlay_has_provider(const GUID *provider_id);

/* Whether the ids, each of which id_is_local, are those of all entries, each exactly once. */
bool overlay_has_all(const DWORD *ids, size_t count);

/* Of ids for which that was true, however much has changed since. */
void overlay_order(const DWORD *ids, size_t count);

#endif
