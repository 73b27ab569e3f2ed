/* An entry like any other, for the scenarios that install one, and what is done with entries. */
#ifndef WS2SPI_TESTS_FAULTS_PLAIN_PROVIDER_H
#define WS2SPI_TESTS_FAULTS_PLAIN_PROVIDER_H

#include "injection/shim.h"

extern const GUID plain_provider_id;

WSAPROTOCOL_INFOW plain_entry(void);

/* Of the entry that stands last; 0 with the error if they cannot be enumerated. */
DWORD last_id(const struct shim *shim, int *error);

/* 0, or the last error: a stop that failed leaves the provider started, and is tried again. */
int stop_provider(const struct shim *shim, DWORD id);

/* 0, or the error of the first attempt: a removal that failed leaves the provider installed, and
 * is tried once more, which must succeed. */
int remove_provider(const struct shim *shim, const GUID *provider);
int remove_by(LPWSCDEINSTALLPROVIDER deinstall, const GUID *provider);

#endif
