/* A catalog root of this test process's own, which its children share. */
#ifndef WS2SPI_TESTS_REGISTRY_ROOT_H
#define WS2SPI_TESTS_REGISTRY_ROOT_H

#include "registry/catalog_keys.h"

/* Empties the root; it is made when the first writer comes. */
void root_begin(void);
void root_end(void);

/* In a child: the parent's. */
void root_join(const char *parent_id);

/* A key below HKEY_LOCAL_MACHINE, for a test to spoil. */
HKEY root_open(const WCHAR *below_the_root);

/* Raises the serial number, as whoever changes keys by hand has to. */
void root_raise_serial(void);

#endif
