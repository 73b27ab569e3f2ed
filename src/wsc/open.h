/* Which store is opened when no call has chosen one. */
#ifndef WS2SPI_WSC_OPEN_H
#define WS2SPI_WSC_OPEN_H

#include "catalog/store.h"

/* The store that WS2SPI_CATALOG names; without it, the registry on Wine and the system's own
 * catalog elsewhere. */
const struct catalog_store *wsc_default_store(void);

#endif
