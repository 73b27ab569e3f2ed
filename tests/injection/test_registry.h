/* A registry catalog of this test process's own: it neither sees nor touches that of the
 * Wine prefix. */
#ifndef WS2SPI_TESTS_OWN_REGISTRY_H
#define WS2SPI_TESTS_OWN_REGISTRY_H

#include <winsock2.h>
#include <windows.h>

enum { OWN_PATH_CHARS = 512 };

/* Where the DLL gets to that opens this path: the path itself, or one in the buffer. */
const WCHAR *own_path(HKEY parent, const WCHAR *path, WCHAR buffer[OWN_PATH_CHARS]);

/* The key above all that the DLL has written, to read, or NULL: it has written nothing. */
HKEY own_registry_open(void);

/* Each failure finds what was kept, and nothing where nothing was. */
void own_registry_begin(void);
void own_registry_keep(void);

/* Before the first load and after the last. */
void own_registry_delete(void);

/* The catalogs of tests that were ended before they could delete them. */
void own_registry_delete_orphans(void);

#endif
