/* The registry functions that the catalog needs. All functions that write are in registry_writes.c,
 * so that a test can wrap them when it is linked, and end a process at its n-th write.
 *
 * The functions return 0 or an error of winerror.h, which registry_error turns into Winsock's. */
#ifndef WS2SPI_PLATFORM_REGISTRY_H
#define WS2SPI_PLATFORM_REGISTRY_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* --- reading ------------------------------------------------------------------------ */

DWORD registry_open(HKEY parent, const WCHAR *path, HKEY *key);
DWORD registry_open_for_notify(HKEY parent, const WCHAR *path, HKEY *key);
void registry_close(HKEY key); /* NULL is allowed */

/* *size is the size of the buffer, then that of the value. ERROR_MORE_DATA: the buffer is too
 * small. */
DWORD registry_read(HKEY key, const WCHAR *name, DWORD *type, void *bytes, DWORD *size);

/* ERROR_INVALID_DATATYPE: the value exists, but is not a REG_DWORD. */
DWORD registry_read_dword(HKEY key, const WCHAR *name, DWORD *value);

/* Reads a REG_SZ and terminates it with a NUL, which `chars` includes. ERROR_INVALID_DATATYPE:
 * the value has another type. */
DWORD registry_read_string(HKEY key, const WCHAR *name, WCHAR *string, DWORD chars);

/* Reads a value of any size. Free *bytes with heap_free. */
DWORD registry_read_all(HKEY key, const WCHAR *name, DWORD *type, void **bytes, DWORD *size);

DWORD registry_count_keys(HKEY key, DWORD *count);

/* The name of subkey `index`. ERROR_MORE_DATA: it has `chars` characters or more. */
DWORD registry_key_at(HKEY key, DWORD index, WCHAR *name, DWORD chars);

/* The same for a value. */
DWORD registry_value_at(HKEY key, DWORD index, WCHAR *name, DWORD chars);

/* --- writing ------------------------------------------------------------------------ */

/* Opens a key for reading and writing, and creates missing keys of the path. `is_new` may be
 * NULL. */
DWORD registry_create(HKEY parent, const WCHAR *path, HKEY *key, bool *is_new);
DWORD registry_write(HKEY key, const WCHAR *name, DWORD type, const void *bytes, DWORD size);
DWORD registry_write_dword(HKEY key, const WCHAR *name, DWORD value);
DWORD registry_write_string(HKEY key, const WCHAR *name, const WCHAR *string);

/* These succeed if the value or key does not exist. A key is deleted with all its contents, but
 * not in one step. */
DWORD registry_delete_value(HKEY key, const WCHAR *name);
DWORD registry_delete_key(HKEY parent, const WCHAR *name);

/* --- errors ------------------------------------------------------------------------- */

/* The Winsock error for an error of winerror.h. For a caller without the right to write, the pages
 * document WSANO_RECOVERY. */
int registry_error(DWORD error);

/* Whether the error is a shortage of memory or of another resource. Such an error says nothing
 * about the registry: it must not be read as "does not exist" or as "is damaged". */
bool registry_is_shortage(DWORD error);

#endif
