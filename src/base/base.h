/* The built-in base provider: WSPStartup and 30 procedures over the system's
 * Winsock. It sees the rest of the shim as a foreign provider would, through the
 * upcall table it was handed, with three exceptions: blocking_begin/blocking_end, so
 * that a cancel from another thread can wake its wait, socket_table_forget, and
 * catalog_find_base_id, for which no upcall exists. */
#ifndef WS2SPI_BASE_BASE_H
#define WS2SPI_BASE_BASE_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* WSPStartup of the base provider; returns its error directly. */
int base_startup(WORD requested, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                 const WSPUPCALLTABLE *upcalls, LPWSPPROC_TABLE table);

/* Between the first WSPStartup and the last WSPCleanup. */
bool base_is_started(void);

/* Its WSPCancelBlockingCall. */
int WSPAPI base_cancel_blocking_call(LPINT lpErrno);

/* At FreeLibrary. */
void base_clear(void);

#endif
