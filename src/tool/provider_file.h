/* The file that a stored path refers to. */
#ifndef WS2SPI_TOOL_PROVIDER_FILE_H
#define WS2SPI_TOOL_PROVIDER_FILE_H

#include "tool/windows_headers.h"

/* Expands environment strings, and replaces System32 by the folder that programs of this width
 * see under that name. FALSE: the path does not fit, or is not absolute. */
BOOL provider_file(DWORD width, const WCHAR *stored, WCHAR file[MAX_PATH]);

#endif
