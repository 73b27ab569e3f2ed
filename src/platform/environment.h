/* Environment variables in paths. */
#ifndef WS2SPI_PLATFORM_ENVIRONMENT_H
#define WS2SPI_PLATFORM_ENVIRONMENT_H

#include "platform/windows_headers.h"

/* The path with each %NAME% replaced; free it with heap_free. NULL if memory is exhausted, the
 * system cannot expand it, or a variable got longer during the call. */
WCHAR *expand_environment(const WCHAR *path);

#endif
