/* Which error each public function reports when a call of the DLL fails. */
#ifndef WS2SPI_TESTS_FAULTS_DOCUMENTED_H
#define WS2SPI_TESTS_FAULTS_DOCUMENTED_H

#include <winsock2.h>
#include <windows.h>

/* `call` is the name of what failed, as injection.h gives it. */
BOOL is_documented(const char *function, const char *call, int error);

#endif
