/* The registry, as far as the catalog needs it. Whatever changes it stands in
 * registry_writes.c alone, so that a test can end a process at its n-th write: it wraps
 * those functions when it is linked.
 *
 * The functions return 0 or an error of winerror.h, which registry_error turns into
 * Winsock's. */
#ifndef WS2SPI_PLATFORM_REGISTRY_H
#define WS2SPI_PLATFORM_REGISTRY_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* --- reading ------------------------------------------------------------------------- */

DWORD registry_open(HKEY parent, const WCHAR *path, HKEY *key);
DWORD registry_open_for_notify(HKEY parent, const WCHAR *path, HKEY *key);
void registry_close(HKEY key); /* NULL is allowed */

/* *size: room, then what is there. ERROR_MORE_DATA: it does not fit. */
DWORD registry_read(HKEY key, const WCHAR *name, DWORD *type, void *bytes, DWORD *size);

/* ERROR_INVALID_DATATYPE: there is something, but not a REG_DWORD. */
DWORD registry_read_dword(HKEY key, const WCHAR *name, DWORD *value);

/* A REG_SZ, always with an end; `chars` counts it. ERROR_INVALID_DATATYPE: another type. */
DWORD registry_read_string(HKEY key, const WCHAR *name, WCHAR *string, DWORD chars);

/* Whatever its size, in memory for heap_free. */
DWORD registry_read_all(HKEY key, const WCHAR *name, DWORD *type, void **bytes, DWORD *size);

DWORD registry_count_keys(HKEY key, DWORD *count);

/* The name of subkey `index`. ERROR_MORE_DATA: it is longer than `chars` holds. */
DWORD registry_key_at(HKEY key, DWORD index, WCHAR *name, DWORD chars);

/* The same of a value. */
DWORD registry_value_at(HKEY key, DWORD index, WCHAR *name, DWORD chars);

/* --- writing ------------------------------------------------------------------------- */

/* Opens for reading and writing; makes what is missing of the path. `is_new` may be NULL. */
DWORD registry_create(HKEY parent, const WCHAR *path, HKEY *key, bool *is_new);
DWORD registry_write(HKEY key, const WCHAR *name, DWORD type, const void *bytes, DWORD size);
DWORD registry_write_dword(HKEY key, const WCHAR *name, DWORD value);
DWORD registry_write_string(HKEY key, const WCHAR *name, const WCHAR *string);

/* What is not there counts as deleted. A key goes with all that is in it, though not at once. */
DWORD registry_delete_value(HKEY key, const WCHAR *name);
DWORD registry_delete_key(HKEY parent, const WCHAR *name);

/* --- errors -------------------------------------------------------------------------- */

/* WSANO_RECOVERY is what the pages give for a caller without the right. */
int registry_error(DWORD error);

/* Whether an error tells nothing of what is stored: something was too short to find out. It is
 * never to be taken for "there is none", nor for "this is damaged". */
bool registry_is_shortage(DWORD error);

#endif
