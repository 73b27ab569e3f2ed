/* How every entry point reports an error. lpErrno is the caller's pointer and may be bad; then
 * only the return value shows the failure. Each function gets the documented name of the entry
 * point, for the log line about a bad pointer. The macros pass __func__ and are thus for
 * exported functions. The upcalls and the base procedures have internal names; they pass the
 * documented one to the _in forms. */
#ifndef WS2SPI_PLATFORM_SPI_ERROR_H
#define WS2SPI_PLATFORM_SPI_ERROR_H

#include <stdbool.h>

/* Stores the code and returns SOCKET_ERROR. */
#define spi_fail(lpErrno, code) spi_fail_in(__func__, lpErrno, code)
int spi_fail_in(const char *function, int *lpErrno, int code);

/* Stores 0, the value of *lpErrno after success. False if lpErrno cannot be written: the entry
 * point must then fail before it has done anything. */
#define spi_begin(lpErrno) spi_begin_in(__func__, lpErrno)
bool spi_begin_in(const char *function, int *lpErrno);

/* The same for upcalls, except that *lpErrno keeps its value: a layer may call an upcall with the
 * variable that has the error of its own call, and no page says that a successful upcall stores 0. */
bool spi_begin_upcall_in(const char *function, int *lpErrno);

/* Returns 0 for 0. For any other code, stores it and returns SOCKET_ERROR. */
#define spi_result(lpErrno, code) spi_result_in(__func__, lpErrno, code)
int spi_result_in(const char *function, int *lpErrno, int code);

#endif
