/* What by_name_lsp.dll exports beside WSPStartup. */
#ifndef WS2SPI_TESTS_BY_NAME_LSP_H
#define WS2SPI_TESTS_BY_NAME_LSP_H

#include <ws2spi_shim.h>

struct by_name_answer {
  int result;
  int error;
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  WSAEVENT event;
};

/* Calls WPUQueryBlockingCallback for the entry it was started with, and WPUCreateEvent. */
typedef void(CALLBACK *by_name_calls)(struct by_name_answer *answer);

#endif
