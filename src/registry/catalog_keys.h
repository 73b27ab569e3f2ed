/* Where Windows keeps the protocol catalog, and what the shim keeps beside it.
 *
 *   …\WinSock2\Parameters
 *     Current_Protocol_Catalog            the name of the next, "Protocol_Catalog9"
 *     Protocol_Catalog9
 *       Num_Catalog_Entries(64)           how many
 *       Next_Catalog_Entry_ID             of both widths
 *       Serial_Access_Num                 goes up by 1 with each change
 *       Ws2Spi_Journal                    a change under way (journal.h)
 *       Catalog_Entries(64)\000000000001  position, from 1 (item_key.h)
 *       Ws2Spi_Changes                    written once for each change (notify.c)
 *     AppId_Catalog                       categories of applications
 *     Ws2Spi_LspCategories(64)            categories of providers: where Windows keeps them is not known
 *
 * HKLM\SYSTEM is not redirected: processes of both word sizes see the same keys. */
#ifndef WS2SPI_REGISTRY_CATALOG_KEYS_H
#define WS2SPI_REGISTRY_CATALOG_KEYS_H

#include "catalog/store.h"
#include "platform/registry.h"

#define JOURNAL_VALUE L"Ws2Spi_Journal"
#define SERIAL_VALUE  L"Serial_Access_Num"
#define NEXT_ID_VALUE L"Next_Catalog_Entry_ID"
#define CHANGES_KEY   L"Ws2Spi_Changes"

enum { CATALOG_PATH_CHARS = 256, POSITION_CHARS = 13 };

/* The Parameters key, under HKEY_LOCAL_MACHINE. Tests put another in its place. */
extern const WCHAR *catalog_root;

extern const WCHAR *const entries_key_name[];   /* by width */
extern const WCHAR *const entries_count_name[]; /* by width */

/* The path of a key beside the catalog, below HKEY_LOCAL_MACHINE. */
void root_path(const WCHAR *name, WCHAR path[CATALOG_PATH_CHARS]);

/* ERROR_FILE_NOT_FOUND: there is no catalog. */
DWORD catalog_key_open(HKEY *key);

/* Makes it, and the names that lead to it, if it is not there. */
DWORD catalog_key_create(HKEY *key);

/* The path below HKEY_LOCAL_MACHINE of the catalog or a key in it. 0, or an error: it cannot be
 * read which catalog is the current one. */
DWORD catalog_path(const WCHAR *name, WCHAR path[CATALOG_PATH_CHARS]);

/* Closes a key of registry_create. `goes`: one that is new, for what could not be written there. */
void close_created(HKEY key, HKEY parent, const WCHAR *path, bool goes);

void position_name(DWORD position, WCHAR name[POSITION_CHARS]);

/* 0 if the name is no position: those have twelve digits. */
DWORD position_of(const WCHAR *name);

#endif
