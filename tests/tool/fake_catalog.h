/* Replaces the store by catalogs that a test makes up, valid or not: a program that links this
 * file does not link src/tool/listing_read.c. */
#ifndef WS2SPI_TESTS_TOOL_FAKE_CATALOG_H
#define WS2SPI_TESTS_TOOL_FAKE_CATALOG_H

#include "tool/listing.h"

/* Empties both catalogs. */
void given_nothing(void);

/* Appends an entry to the 64-bit catalog and returns it, so that the test can change it. A base
 * entry has the path and the GUID of MSAFD Tcpip; a dummy and a chain have C:\layer.dll and a
 * GUID made from the id. */
WS2SPI_CATALOG_ENTRY *given_base(DWORD id, const WCHAR *name, int family, int type, int protocol);
WS2SPI_CATALOG_ENTRY *given_dummy(DWORD id, const WCHAR *name);

/* Family, type, protocol and flags are those of the last element, if it was given before. */
WS2SPI_CATALOG_ENTRY *given_chain(DWORD id, const WCHAR *name, int length, const DWORD *elements);

/* The base entries 1001 TCP, 1002 UDP and 1003 RAW. */
void given_three_bases(void);

void given_problem(DWORD position, DWORD id, const char *reason);

/* Moves the entries given so far to the 32-bit catalog. */
void given_is_32(void);

#endif
