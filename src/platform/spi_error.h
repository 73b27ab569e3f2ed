/* How every entry point reports an error. lpErrno is the caller's pointer and
 * may be bad; then the return value alone tells of the failure. */
#ifndef WS2SPI_PLATFORM_SPI_ERROR_H
#define WS2SPI_PLATFORM_SPI_ERROR_H

#include <stdbool.h>

/* Stores the code; returns SOCKET_ERROR for the caller to return. */
int spi_fail(int *lpErrno, int code);

/* Stores 0, which is what *lpErrno is after success. False if lpErrno cannot be
 * written: then an entry point fails before it has done anything. */
bool spi_begin(int *lpErrno);

/* 0 becomes 0, a code becomes SOCKET_ERROR with that code stored. */
int spi_result(int *lpErrno, int code);

#endif
