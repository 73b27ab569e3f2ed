/* Which LSPs this application may load
 * (WinSock/categorizing-layered-service-providers-and-applications). */
#ifndef WS2SPI_CATALOG_LOAD_POLICY_H
#define WS2SPI_CATALOG_LOAD_POLICY_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* The rule: an application that is categorised loads an LSP whose categories are all
 * among its own, at least one; and if it is a system one, so must the LSP be. */
bool load_policy_allows(DWORD application_categories, DWORD lsp_categories);

/* They are read again at the next need. */
void load_policy_forget(void);

#endif
