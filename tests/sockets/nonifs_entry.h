/* An entry whose provider makes its own handles, and short forms of the upcalls under test. */
#ifndef WS2SPI_TESTS_NONIFS_ENTRY_H
#define WS2SPI_TESTS_NONIFS_ENTRY_H

#include <ws2spi_shim.h>

enum { IFS_ENTRY = 1001, UNKNOWN_ENTRY = 999999, UNTOUCHED = 0x5A5A, LONG_TIME = 20000 };

/* Fixtures for a group of tests. */
extern DWORD nonifs_entry;
int register_nonifs_entry(void **state);
int unregister_nonifs_entry(void **state);

/* Asserts success. */
SOCKET new_handle(DWORD_PTR context);
void close_handle(SOCKET s);

/* Returns the result; *error receives the error. */
int query_context(SOCKET s, DWORD_PTR *context, int *error);
int complete(SOCKET s, WSAOVERLAPPED *overlapped, DWORD code, DWORD bytes, int *error);

/* A request as a provider starts it. */
WSAOVERLAPPED request_under_way(HANDLE event);

#endif
