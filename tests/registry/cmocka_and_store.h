/* cmocka and the headers that it needs, for programs that contain parts of the DLL. */
#ifndef WS2SPI_TESTS_REGISTRY_CMOCKA_AND_STORE_H
#define WS2SPI_TESTS_REGISTRY_CMOCKA_AND_STORE_H

#include "platform/windows_headers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#endif
