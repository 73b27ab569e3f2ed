/* GUIDs as text: {E70F1AA0-AB8B-11CF-8CA3-00805F48A192}, as netsh prints them and as
 * StringFromGUID2 writes them. That function is in ole32, which this DLL does not load. The
 * tool and its tests use this file too, with system headers of their own. */
#ifndef WS2SPI_PLATFORM_GUID_TEXT_H
#define WS2SPI_PLATFORM_GUID_TEXT_H

#include <guiddef.h>
#include <stdbool.h>

enum { GUID_CHARS = 39 };

struct guid_text {
  char text[GUID_CHARS];
};

struct guid_text guid_to_text(const GUID *guid);

/* Accepts upper and lower case, with or without braces. False: not a GUID, and nothing is
 * stored. */
bool guid_from_text(const char *text, GUID *guid);

#endif
