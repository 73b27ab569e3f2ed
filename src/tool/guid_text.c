#include "tool/guid_text.h"

#include <stdio.h>
#include <string.h>

struct guid_text guid_to_text(const GUID *guid)
{
  struct guid_text text;
  const unsigned char *const end = guid->Data4;

  snprintf(text.text, sizeof text.text,
           "{%08lX-%04hX-%04hX-%02hhX%02hhX-%02hhX%02hhX%02hhX%02hhX%02hhX%02hhX}", guid->Data1,
           guid->Data2, guid->Data3, end[0], end[1], end[2], end[3], end[4], end[5], end[6],
           end[7]);
  return text;
}

static int hex_digit(char c)
{
  static const char digits[] = "0123456789abcdef0123456789ABCDEF";
  const char *const place = c != '\0' ? strchr(digits, c) : NULL;

  return place != NULL ? (int)(place - digits) % 16 : -1;
}

/* The 32 digits of "8-4-4-4-12", as 16 bytes in the order they are written in. */
static BOOL read_bytes(const char *text, unsigned char bytes[16])
{
  static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  int digits = 0;

  if (strlen(text) != sizeof shape - 1)
    return FALSE;
  for (size_t i = 0; i < sizeof shape - 1; i++) {
    const int digit = hex_digit(text[i]);

    if (shape[i] == '-' ? text[i] != '-' : digit < 0)
      return FALSE;
    if (shape[i] == 'x') {
      bytes[digits / 2] = (unsigned char)(bytes[digits / 2] << 4 | digit);
      digits++;
    }
  }
  return TRUE;
}

BOOL guid_from_text(const char *text, GUID *guid)
{
  const size_t length = strlen(text);
  const BOOL braces = length == 38 && text[0] == '{' && text[37] == '}';
  unsigned char bytes[16] = {0};
  char inner[37];

  if (length != (braces ? 38 : 36))
    return FALSE;
  memcpy(inner, text + (braces ? 1 : 0), 36);
  inner[36] = '\0';
  if (!read_bytes(inner, bytes))
    return FALSE;
  guid->Data1 = (unsigned long)bytes[0] << 24 | (unsigned long)bytes[1] << 16 |
                (unsigned long)bytes[2] << 8 | bytes[3];
  guid->Data2 = (unsigned short)(bytes[4] << 8 | bytes[5]);
  guid->Data3 = (unsigned short)(bytes[6] << 8 | bytes[7]);
  memcpy(guid->Data4, bytes + 8, 8);
  return TRUE;
}
