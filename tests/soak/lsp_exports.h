/* Functions that the soak's program exports to the provider DLL that it loads (soak_lsp.c). */
#ifndef WS2SPI_TESTS_SOAK_LSP_EXPORTS_H
#define WS2SPI_TESTS_SOAK_LSP_EXPORTS_H

#include <winsock2.h>
#include <windows.h>
#include <ws2spi.h>

typedef int (*soak_lsp_startup)(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                                const WSPUPCALLTABLE *upcalls, LPWSPPROC_TABLE table);
int soak_lsp_start_up(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                      const WSPUPCALLTABLE *upcalls, LPWSPPROC_TABLE table);

typedef void (*soak_lsp_count)(BOOL comes);
void soak_lsp_counts(BOOL comes);

#endif
