/* GUIDs as netsh prints them: {E70F1AA0-AB8B-11CF-8CA3-00805F48A192}. */
#ifndef WS2SPI_TOOL_GUID_TEXT_H
#define WS2SPI_TOOL_GUID_TEXT_H

#include "tool/windows_headers.h"

struct guid_text {
  char text[39];
};

struct guid_text guid_to_text(const GUID *guid);

/* In either case of letters, with or without braces. FALSE: it is none. */
BOOL guid_from_text(const char *text, GUID *guid);

#endif
