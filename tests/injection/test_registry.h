/* A registry catalog of this test process's own, apart from that of the Wine prefix. */
#ifndef WS2SPI_TESTS_TEST_REGISTRY_H
#define WS2SPI_TESTS_TEST_REGISTRY_H

#include <winsock2.h>
#include <windows.h>

enum { TEST_REGISTRY_PATH_CHARS = 512 };

/* The path at which the DLL arrives when it opens `path`: `path` itself, or one in the buffer. */
const WCHAR *test_registry_path(HKEY parent, const WCHAR *path,
                                WCHAR buffer[TEST_REGISTRY_PATH_CHARS]);

/* Opens the key above everything that the DLL has written, for reading; NULL if it has written
 * nothing. */
HKEY test_registry_open(void);

/* Before a run: restores what test_registry_keep kept, or empties the registry. */
void test_registry_begin(void);
void test_registry_keep(void);

/* Before the first load and after the last. */
void test_registry_delete(void);

/* Deletes the catalogs of tests that ended before they could delete them. */
void test_registry_delete_orphans(void);

#endif
