/* The function that WPUQueryBlockingCallback returns to providers (D3). */
#ifndef WS2SPI_BLOCKING_CALLBACK_H
#define WS2SPI_BLOCKING_CALLBACK_H

#include "platform/windows_headers.h"

WINBOOL CALLBACK blocking_callback(DWORD_PTR context);

#endif
