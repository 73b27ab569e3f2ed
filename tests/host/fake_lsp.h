#ifndef WS2SPI_TESTS_FAKE_LSP_H
#define WS2SPI_TESTS_FAKE_LSP_H

#include "support/fake_provider.h"

/* The type of the export. It returns the records of the DLL's own copy of the fake provider. */
typedef struct fake_provider *(*fake_lsp_state_function)(void);
struct fake_provider *fake_lsp_state(void);

#endif
