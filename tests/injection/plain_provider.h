/* A plausible entry for scenarios that install one, and calls that scenarios make with entries. */
#ifndef WS2SPI_TESTS_INJECTION_PLAIN_PROVIDER_H
#define WS2SPI_TESTS_INJECTION_PLAIN_PROVIDER_H

#include "injection/shim.h"

extern const GUID plain_provider_id;

WSAPROTOCOL_INFOW plain_entry(void);

/* The id of the last entry; 0 with the error if the entries cannot be enumerated. */
DWORD last_id(const struct shim *shim, int *error);

/* 0, or the last error. A stop that failed leaves the provider started, so it is repeated. */
int stop_provider(const struct shim *shim, DWORD id);

/* 0, or the error of the first attempt. A removal that failed leaves the provider installed, so it
 * is repeated once and must succeed then. */
int remove_provider(const struct shim *shim, const GUID *provider);
int remove_by(LPWSCDEINSTALLPROVIDER deinstall, const GUID *provider);

#endif
