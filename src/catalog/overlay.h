/* The process-local entries, which are shown in addition to any store: registered providers, and
 * chains installed over one. */
#ifndef WS2SPI_CATALOG_OVERLAY_H
#define WS2SPI_CATALOG_OVERLAY_H

#include "catalog/catalog.h"

/* Adds entries of one provider, all or none, with consecutive ids from *first_id on. `startup` is
 * NULL for installed entries. 0, WSAEINVAL (an invalid entry), WSANO_RECOVERY (the provider
 * id is in use, or no ids are left), WSA_NOT_ENOUGH_MEMORY. */
int overlay_add(const struct catalog_item *items, size_t count, LPWSPSTARTUP startup,
                DWORD *first_id);

/* WSAEINVAL: there is no such entry, or it is not a registered one. */
int overlay_remove_registered(DWORD id);

/* Installed entries of this provider. Removing returns WSAEINVAL if it has none. */
bool overlay_has_installed(const GUID *provider_id);
int overlay_remove_installed(const GUID *provider_id);

/* Whether the provider has an entry here. Called with the tables' lock held. */
bool overlay_has_provider(const GUID *provider_id);

/* Whether the ids, each of which id_is_local, name every entry exactly once. */
bool overlay_has_all(const DWORD *ids, size_t count);

/* Puts the entries into the order of a list that passed overlay_has_all, even if entries have been
 * added or removed since. */
void overlay_order(const DWORD *ids, size_t count);

#endif
