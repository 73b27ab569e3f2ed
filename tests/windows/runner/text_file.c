#include "text_file.h"

#include <stdlib.h>

static char *text_file_from(HANDLE file, size_t most, size_t *size)
{
  LARGE_INTEGER length, start = {.QuadPart = 0};
  char *text;
  DWORD got;

  if (!GetFileSizeEx(file, &length))
    return NULL;
  if ((ULONGLONG)length.QuadPart > most)
    start.QuadPart = length.QuadPart - (LONGLONG)most;
  *size = (size_t)(length.QuadPart - start.QuadPart);
  text = malloc(*size + 1);
  if (text == NULL || !SetFilePointerEx(file, start, NULL, FILE_BEGIN) ||
      !ReadFile(file, text, (DWORD)*size, &got, NULL) || got != *size) {
    free(text);
    return NULL;
  }
  text[*size] = 0;
  return text;
}

char *text_file_read(const WCHAR *path, size_t most, size_t *size)
{
  const HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                  OPEN_EXISTING, 0, NULL);
  char *text;

  if (file == INVALID_HANDLE_VALUE)
    return NULL;
  text = text_file_from(file, most, size);
  CloseHandle(file);
  return text;
}
