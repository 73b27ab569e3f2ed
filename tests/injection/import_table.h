/* The import table of a loaded DLL: the system's functions that it calls, and the slots through
 * which it calls them. */
#ifndef WS2SPI_TESTS_IMPORT_TABLE_H
#define WS2SPI_TESTS_IMPORT_TABLE_H

#include <winsock2.h>
#include <windows.h>

/* Called for each import. A result other than NULL replaces the import. */
typedef FARPROC (*import_visitor)(const char *dll, const char *name, void *context);

/* No other thread may call through the table at the same time. */
void import_table_visit(HMODULE module, import_visitor visit, void *context);

#endif
