/* The catalog as WSCEnumProtocols shows it, and shorthands to change it. */
#ifndef WS2SPI_TESTS_CATALOG_VIEW_H
#define WS2SPI_TESTS_CATALOG_VIEW_H

#include "support/store_under_test.h"

#include <ws2spi_shim.h>

/* First thing in main: under WS2SPI_CATALOG=registry what the prefix has is deleted. */
void start_with_a_fresh_catalog(void);

/* For tests that use the registry's catalog whatever the word: they have to have the resource
 * prefix_catalog. */
void delete_the_prefixs_catalog(void);

struct catalog_view {
  int count; /* -1: it could not be enumerated */
  WSAPROTOCOL_INFOW *info;
};

struct catalog_view catalog_view_take(void);
void catalog_view_free(struct catalog_view *view);

int catalog_count(void);

/* FALSE if there is no entry with this id. */
BOOL catalog_find(DWORD id, WSAPROTOCOL_INFOW *info);

/* A ProviderId of its own for every number. */
GUID numbered_guid(unsigned number);

/* The last entry of a provider, in catalog order; 0 if there is none. */
DWORD newest_id_of(const GUID *provider_id);

/* WSCInstallProvider of one plausible base entry under numbered_guid; its id, 0 on failure. */
DWORD install_one(unsigned number, const WCHAR *path);

/* WSCDeinstallProvider of numbered_guid. */
void deinstall_one(unsigned number);

/* An entry and chains, each over the one before: as high as chains may be nested. They are of the
 * providers numbered_guid(number) and following, their protocols TOWER_PROTOCOL and following, and
 * their ids follow the first, which is returned; 0 on failure. */
enum { TOWER_HEIGHT = MAX_PROTOCOL_CHAIN, TOWER_PROTOCOL = 5000 };
DWORD install_tower(unsigned number);

/* All that install_tower has installed. */
void deinstall_tower(unsigned number);

#endif
