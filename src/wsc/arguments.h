/* Callers' arguments that several WSC functions share, copied and checked. */
#ifndef WS2SPI_WSC_ARGUMENTS_H
#define WS2SPI_WSC_ARGUMENTS_H

#include "catalog/store.h"

/* Of MAX_PATH characters at most, the NUL included. WSAEFAULT, WSAEINVAL. */
int arguments_copy_path(WCHAR *path, const WCHAR *caller_path);

/* The caller's provider id, path and list as items for heap_free. WSAEFAULT (also for no
 * list), WSAEINVAL (no entries, no possible path), WSA_NOT_ENOUGH_MEMORY. */
int arguments_copy_items(struct catalog_item **items, const GUID *provider_id, const WCHAR *path,
                         const WSAPROTOCOL_INFOW *list, DWORD count);

/* Whether dwWidth names one catalog, and which. */
bool width_from_flag(DWORD dwWidth, enum catalog_width *width);

/* Most pages do not have WSASYSCALLFAILURE, which a store may report: WSANO_RECOVERY for it. */
int documented_error(int error);

/* Whether the open catalog is the system's, to which changes are handed on. */
bool store_is_system(void);

#endif
