/* The documented error of a public function for each failing call of the DLL. */
#ifndef WS2SPI_TESTS_INJECTION_DOCUMENTED_H
#define WS2SPI_TESTS_INJECTION_DOCUMENTED_H

#include <winsock2.h>
#include <windows.h>

/* Failed calls whose row depends on the registry's code, ERROR_ACCESS_DENIED or ERROR_BADDB, and not
 * on the function. */
#define REGISTRY_ACCESS_DENIED "registry: access denied"
#define REGISTRY_DAMAGED       "registry: damaged"

/* `call` is the name of the failed call, as injection.h has it, or one of those above. */
BOOL is_documented(const char *function, const char *call, int error);

#endif
