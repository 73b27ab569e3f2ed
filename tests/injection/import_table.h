/* The import table of a loaded DLL: which functions of the system it calls, and the
 * slots through which it calls them. */
#ifndef WS2SPI_TESTS_IMPORT_TABLE_H
#define WS2SPI_TESTS_IMPORT_TABLE_H

#include <winsock2.h>
#include <windows.h>

/* For each import. What is returned, if it is not NULL, takes the import's place. */
typedef FARPROC (*import_visitor)(const char *dll, const char *name, void *context);

/* Other threads must not be calling through the table meanwhile. */
void import_table_visit(HMODULE module, import_visitor visit, void *context);

#endif
