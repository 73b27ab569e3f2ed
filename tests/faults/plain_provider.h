/* An entry like any other, for the scenarios that install one. */
#ifndef WS2SPI_TESTS_FAULTS_PLAIN_PROVIDER_H
#define WS2SPI_TESTS_FAULTS_PLAIN_PROVIDER_H

#include "faults/shim.h"

extern const GUID plain_provider_id;

WSAPROTOCOL_INFOW plain_entry(void);

/* 0, or the error of the first attempt: a removal that failed leaves the provider installed, and
 * is tried once more, which must succeed. */
int remove_provider(const struct shim *shim, const GUID *provider);
int remove_by(LPWSCDEINSTALLPROVIDER deinstall, const GUID *provider);

#endif
