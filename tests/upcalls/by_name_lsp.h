/* The exports of by_name_lsp.dll besides WSPStartup. */
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

/* Calls WPUQueryBlockingCallback for the entry with which it was started, and WPUCreateEvent. */
typedef void(CALLBACK *by_name_calls)(struct by_name_answer *answer);

#endif
