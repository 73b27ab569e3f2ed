/* A catalog root for this test process alone, which it shares with its children. It is below
 * HKEY_CURRENT_USER, in a key that replaces HKEY_LOCAL_MACHINE in these processes. */
#ifndef WS2SPI_TESTS_REGISTRY_REGISTRY_FIXTURE_H
#define WS2SPI_TESTS_REGISTRY_REGISTRY_FIXTURE_H

#include "registry/catalog_keys.h"

/* Deletes the root. The first writer makes it again. */
void root_begin(void);
void root_end(void);

/* In a child: use the root of the parent. */
void root_join(const char *parent_id);

/* Opens or makes a key below the root, so that a test can damage it. */
HKEY root_open(const WCHAR *below_the_root);

/* Increments the serial number, as is necessary after keys are edited by hand. */
void root_raise_serial(void);

#endif
