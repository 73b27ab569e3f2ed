#include "platform/guid_text.h"

#include "platform/windows_headers.h"

#include <rpc.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS = GUID_CHARS - 3 }; /* without the braces and the NUL, but with the hyphens */

struct guid_text guid_to_text(const GUID *guid)
{
  const unsigned char *const end = guid->Data4;
  struct guid_text text;

  _snprintf(text.text, sizeof text.text, "{%08lX-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}",
            guid->Data1, guid->Data2, guid->Data3, end[0], end[1], end[2], end[3], end[4], end[5],
            end[6], end[7]);
  return text;
}

/* UuidFromStringA does not accept braces. */
bool guid_from_text(const char *text, GUID *guid)
{
  const size_t length = strlen(text);
  const bool has_braces = length == DIGITS + 2 && text[0] == '{' && text[length - 1] == '}';
  unsigned char digits[DIGITS + 1];
  GUID read;

  if (length != DIGITS && !has_braces)
    return false;
  memcpy(digits, has_braces ? text + 1 : text, DIGITS);
  digits[DIGITS] = 0;
  if (UuidFromStringA(digits, &read) != RPC_S_OK)
    return false;
  *guid = read;
  return true;
}
