/* In place of a store: catalogs that a test writes down, whatever is wrong with them.
 * Linking this file keeps src/tool/listing_read.c out. */
#ifndef WS2SPI_TESTS_TOOL_GIVEN_CATALOG_H
#define WS2SPI_TESTS_TOOL_GIVEN_CATALOG_H

#include "tool/listing.h"

/* Both catalogs are empty, and system_widths() has both. */
void given_nothing(void);

/* Appends an entry and gives it back to be changed; NULL if the test has too many. The
 * 64-bit catalog is meant. A base entry has the path and the GUID of MSAFD Tcpip, a dummy
 * and a chain C:\layer.dll and a GUID made from the id. */
WS2SPI_CATALOG_ENTRY *given_base(DWORD id, const WCHAR *name, int family, int type, int protocol);
WS2SPI_CATALOG_ENTRY *given_dummy(DWORD id, const WCHAR *name);

/* Family, type, protocol and flags are those of the last element, if that is there already. */
WS2SPI_CATALOG_ENTRY *given_chain(DWORD id, const WCHAR *name, int length, const DWORD *elements);

/* TCP 1001, UDP 1002 and RAW 1003, named so. */
void given_three_bases(void);

void given_fault(DWORD position, DWORD id, const char *reason);

/* The entries given so far go to the 32-bit catalog, and the 64-bit one is empty again. */
void given_is_32(void);

#endif
