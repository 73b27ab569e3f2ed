/* Shared by the functions of this room: callers' arguments, copied and checked, and the error
 * codes that their pages have. */
#ifndef WS2SPI_WSC_ARGUMENTS_H
#define WS2SPI_WSC_ARGUMENTS_H

#include "catalog/store.h"

/* Copies the path of a provider's DLL into an array of MAX_PATH characters, the rest of which is
 * zeroed. WSAEFAULT; WSAEINVAL: the path is empty or does not fit. */
int arguments_copy_path(WCHAR *path, const WCHAR *caller_path);

/* Copies the caller's provider id, path and list of entries as items, for heap_free. WSAEFAULT
 * (also for a NULL list), WSAEINVAL (an empty list, or the path as above),
 * WSA_NOT_ENOUGH_MEMORY. */
int arguments_copy_items(struct catalog_item **items, const GUID *provider_id, const WCHAR *path,
                         const WSAPROTOCOL_INFOW *list, DWORD count);

/* Whether dwWidth is one of WS2SPI_WIDTH_32 and WS2SPI_WIDTH_64, and which. */
bool width_from_flag(DWORD dwWidth, enum catalog_width *width);

/* Whether dwWidth is one of them or both. */
bool widths_are_valid(DWORD dwWidth);

/* A store may report WSASYSCALLFAILURE, which most pages do not list: they get WSANO_RECOVERY. */
int documented_error(int error);

/* Whether the open catalog is the system's own: changes are then forwarded to it (forward.h). */
bool store_is_system(void);

#endif
