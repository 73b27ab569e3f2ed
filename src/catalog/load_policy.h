/* Which LSPs this application may load, by the LSP categories of both
 * (WinSock/categorizing-layered-service-providers-and-applications). */
#ifndef WS2SPI_CATALOG_LOAD_POLICY_H
#define WS2SPI_CATALOG_LOAD_POLICY_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* The rule for an application that has categories. The LSP must have at least one category, and no
 * category that the application lacks. An application of LSP_SYSTEM loads only LSPs of
 * LSP_SYSTEM. */
bool load_policy_allows(DWORD application_categories, DWORD lsp_categories);

/* The categories of this application are read again when they are next needed. */
void load_policy_forget(void);

#endif
