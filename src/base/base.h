/* The built-in base provider: WSPStartup and the 30 procedures, implemented on the system's
 * Winsock. It uses the upcall table that WSPStartup receives, as any base provider would. It makes
 * these internal calls as well, since no upcall offers what they do: blocking_begin and
 * blocking_end (so that another thread's cancel can wake a wait), the count of started providers
 * (winsock_state.h), socket_table_forget (drops the record of a handle before it is closed) and
 * catalog_find_base_id. */
#ifndef WS2SPI_BASE_BASE_H
#define WS2SPI_BASE_BASE_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* WSPStartup of the base provider; returns the error itself. */
int base_startup(WORD requested, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                 const WSPUPCALLTABLE *upcalls, LPWSPPROC_TABLE table);

/* Between the first WSPStartup and the last WSPCleanup. */
bool base_is_started(void);

/* WSPCancelBlockingCall of the base provider. */
int WSPAPI base_cancel_blocking_call(LPINT lpErrno);

/* At FreeLibrary. */
void base_clear(void);

#endif
