/* How every entry point reports an error. lpErrno is the caller's pointer and may be bad; then only
 * the return value shows the failure. Each call passes the documented name of the entry point, for
 * the log line about a bad pointer. The macros pass __func__: they are for exported functions. Upcalls
 * and base procedures have names of their own here, and pass the documented one to the _in forms. */
#ifndef WS2SPI_PLATFORM_SPI_ERROR_H
#define WS2SPI_PLATFORM_SPI_ERROR_H

#include <stdbool.h>

/* Stores the code; returns SOCKET_ERROR for the caller to return. */
#define spi_fail(lpErrno, code) spi_fail_in(__func__, lpErrno, code)
int spi_fail_in(const char *function, int *lpErrno, int code);

/* Stores 0, which is what *lpErrno is after success. False if lpErrno cannot be
 * written: then an entry point fails before it has done anything. */
#define spi_begin(lpErrno) spi_begin_in(__func__, lpErrno)
bool spi_begin_in(const char *function, int *lpErrno);

/* 0 becomes 0, a code becomes SOCKET_ERROR with that code stored. */
#define spi_result(lpErrno, code) spi_result_in(__func__, lpErrno, code)
int spi_result_in(const char *function, int *lpErrno, int code);

#endif
