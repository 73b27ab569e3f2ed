/* Environment strings in paths. */
#ifndef WS2SPI_PLATFORM_ENVIRONMENT_H
#define WS2SPI_PLATFORM_ENVIRONMENT_H

#include "platform/windows_headers.h"

/* The path with %NAME%s replaced, for heap_free. NULL if memory is exhausted, the system
 * cannot expand it, or a variable grew meanwhile. */
WCHAR *expand_environment(const WCHAR *path);

#endif
