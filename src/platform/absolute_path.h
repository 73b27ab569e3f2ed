#ifndef WS2SPI_PLATFORM_ABSOLUTE_PATH_H
#define WS2SPI_PLATFORM_ABSOLUTE_PATH_H

#include <stdbool.h>
#include <wchar.h>

bool path_is_separator(wchar_t character);

/* Whether the path begins with a drive and a separator, or is on a network share. The host loads
 * no other path: the system would look for it in the program's folder and in the current one. */
bool path_is_absolute(const wchar_t *path);

#endif
