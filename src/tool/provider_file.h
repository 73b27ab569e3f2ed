/* Which file a stored path means. */
#ifndef WS2SPI_TOOL_PROVIDER_FILE_H
#define WS2SPI_TOOL_PROVIDER_FILE_H

#include "tool/windows_headers.h"

/* Expands environment strings, and lets System32 be the one that programs of this width
 * see, whichever width this program has. FALSE: it does not fit, or is not absolute. */
BOOL provider_file(DWORD width, const WCHAR *stored, WCHAR file[MAX_PATH]);

/* With a drive, or on a network share: no other path is loaded by the host. */
BOOL is_absolute_path(const WCHAR *path);

#endif
