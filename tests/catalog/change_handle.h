/* A handle of WSAProviderConfigChange, waits on it, and the changes that end them. */
#ifndef WS2SPI_TESTS_CHANGE_HANDLE_H
#define WS2SPI_TESTS_CHANGE_HANDLE_H

#include <ws2spi_shim.h>

enum { LONG_ENOUGH = 30000, UNTOUCHED = 0x5A5A };

/* A test that closes the handle sets this to NULL. */
extern HANDLE change_handle;

/* A test's setup and teardown. The teardown removes the entries of change_catalog(1) and (2). */
int change_handle_open(void **state);
int change_handle_close(void **state);

/* Installs numbered_guid(number). */
void change_catalog(unsigned number);

/* 0 or the error. */
int wait_for_change(WSAOVERLAPPED *overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);

#endif
