/* Catalog entries whose provider is a DLL beside the test program. */
#ifndef WS2SPI_TESTS_LSP_ENTRIES_H
#define WS2SPI_TESTS_LSP_ENTRIES_H

#include "fake_lsp.h"

#include <wchar.h>

/* The ProviderId of the entries that install_entries installs. */
extern GUID lsp_provider;

/* The full path of a file beside the test program. */
const WCHAR *beside(const WCHAR *file);

/* WSCInstallProvider of `count` valid entries. Returns the first id, or 0 on failure. */
DWORD install_entries(const WCHAR *path, DWORD count);
DWORD install_chain(const WCHAR *path, DWORD top, DWORD bottom);
void deinstall_entries(void);

/* A procedure table that shows whether it was written to. */
void prime_table(WSPPROC_TABLE *table);
BOOL is_primed(const WSPPROC_TABLE *table);

/* The result of Ws2SpiStartProvider or Ws2SpiStopProvider: 0, the error, or -1 if result and
 * error do not agree. */
int start(DWORD id, WSPPROC_TABLE *table);
int stop(DWORD id);

#endif
