/* Which error each public function reports when a call of the DLL fails. */
#ifndef WS2SPI_TESTS_FAULTS_DOCUMENTED_H
#define WS2SPI_TESTS_FAULTS_DOCUMENTED_H

#include <winsock2.h>
#include <windows.h>

/* What failed where not the function of the registry matters but what it said: ERROR_ACCESS_DENIED,
 * ERROR_BADDB. */
#define NO_RIGHT        "registry, for want of the right"
#define BROKEN_REGISTRY "registry, broken"

/* `call` is the name of what failed, as injection.h gives it, or one of those. */
BOOL is_documented(const char *function, const char *call, int error);

#endif
