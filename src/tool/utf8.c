#include "tool/utf8.h"

#include <shellapi.h>
#include <stdlib.h>

struct utf8_text utf8_from_wide(const WCHAR *wide)
{
  struct utf8_text utf8;
  WCHAR clean[MAX_PATH];
  int length = 0;

  for (; length < MAX_PATH && wide[length] != 0; length++)
    clean[length] = wide[length] < L' ' || wide[length] == 0x7F ? L'?' : wide[length];
  length =
      WideCharToMultiByte(CP_UTF8, 0, clean, length, utf8.text, sizeof utf8.text - 1, NULL, NULL);
  utf8.text[length] = '\0';
  return utf8;
}

BOOL utf8_to_wide(const char *text, WCHAR *wide, int size)
{
  return MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide, size) > 0;
}

static char *utf8_allocate(const WCHAR *wide)
{
  const int size = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
  char *text = size > 0 ? malloc((size_t)size) : NULL;

  if (text != NULL)
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, size, NULL, NULL);
  return text;
}

char **utf8_arguments(int *count)
{
  LPWSTR *const wide = CommandLineToArgvW(GetCommandLineW(), count);
  char **arguments = wide != NULL ? calloc((size_t)*count + 1, sizeof *arguments) : NULL;

  for (int i = 0; arguments != NULL && i < *count; i++) {
    arguments[i] = utf8_allocate(wide[i]);
    if (arguments[i] == NULL) {
      free(arguments); /* not the texts: the process is about to end */
      arguments = NULL;
    }
  }
  LocalFree(wide);
  return arguments;
}
