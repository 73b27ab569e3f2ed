/* The catalog as WSCEnumProtocols shows it, and helpers to change it. */
#ifndef WS2SPI_TESTS_CATALOG_VIEW_H
#define WS2SPI_TESTS_CATALOG_VIEW_H

#include "support/store_under_test.h"

#include <ws2spi_shim.h>

/* To be called first in main. With WS2SPI_CATALOG=registry it deletes the catalog of the Wine
 * prefix. */
void start_with_a_fresh_catalog(void);

/* For tests that use the registry's catalog whatever WS2SPI_CATALOG is. They need the resource
 * prefix_catalog in CMakeLists.txt. */
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

/* A different ProviderId for every number. */
GUID numbered_guid(unsigned number);

/* The id of the provider's last entry in catalog order, or 0. */
DWORD newest_id_of(const GUID *provider_id);

/* Installs one valid entry under numbered_guid. Returns its id, or 0. */
DWORD install_one(unsigned number, const WCHAR *path);

/* WSCDeinstallProvider of numbered_guid. */
void deinstall_one(unsigned number);

/* Installs an entry and chains over it, each over the one before, nested as deeply as chains may
 * be. Their providers are numbered_guid(number) and following, their protocols TOWER_PROTOCOL and
 * following. Returns the first of their consecutive ids, or 0. */
enum { TOWER_HEIGHT = MAX_PROTOCOL_CHAIN, TOWER_PROTOCOL = 5000 };
DWORD install_tower(unsigned number);

/* Removes everything that install_tower has installed. */
void deinstall_tower(unsigned number);

#endif
