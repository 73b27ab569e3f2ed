/* The keys in which Windows keeps the protocol catalog, and those that this DLL adds.
 *
 *   …\WinSock2\Parameters
 *     Current_Protocol_Catalog            the name of the next key, "Protocol_Catalog9"
 *     Protocol_Catalog9
 *       Num_Catalog_Entries(64)           the number of entries
 *       Next_Catalog_Entry_ID             for both widths
 *       Serial_Access_Num                 is incremented with each change
 *       Ws2Spi_Journal                    an unfinished change (journal.h)
 *       Catalog_Entries(64)\000000000001  the name is the position, from 1 (item_key.h)
 *       Ws2Spi_Changes                    is written once for each change (notify.c)
 *     AppId_Catalog                       categories of applications
 *     Ws2Spi_LspCategories(64)            categories of providers: Windows' own place is not known
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

/* The Parameters key, under HKEY_LOCAL_MACHINE. Tests replace it. */
extern const WCHAR *catalog_root;

extern const WCHAR *const entries_key_name[];   /* by width */
extern const WCHAR *const entries_count_name[]; /* by width */

/* The path, below HKEY_LOCAL_MACHINE, of a key beside the catalog. */
void root_path(const WCHAR *name, WCHAR path[CATALOG_PATH_CHARS]);

/* ERROR_FILE_NOT_FOUND: there is no catalog. */
DWORD catalog_key_open(HKEY *key);

/* Opens the catalog for writing. Makes it, and the values that lead to it, if it does not exist. */
DWORD catalog_key_create(HKEY *key);

/* The path, below HKEY_LOCAL_MACHINE, of the catalog (`name` is NULL) or of a key in it. 0, or an
 * error if the name of the current catalog cannot be read. */
DWORD catalog_path(const WCHAR *name, WCHAR path[CATALOG_PATH_CHARS]);

/* Closes a key of registry_create. `rollback` deletes it too: the key is new, and its values could
 * not be written. */
void close_new_key(HKEY key, HKEY parent, const WCHAR *path, bool rollback);

void position_name(DWORD position, WCHAR name[POSITION_CHARS]);

/* 0: the name is not a position, which has twelve digits. */
DWORD position_from_name(const WCHAR *name);

#endif
