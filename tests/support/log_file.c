#include "support/cmocka_headers.h"

#include "support/log_file.h"

#include <wchar.h>

static WCHAR path[MAX_PATH];
static char text[1 << 18];

/* Named after the program, so that tests may run at the same time. */
int log_file_open(void **state)
{
  GetModuleFileNameW(NULL, path, MAX_PATH);
  wcscpy(wcsrchr(path, L'.'), L"_log.txt");
  DeleteFileW(path);
  return SetEnvironmentVariableW(L"WS2SPI_LOG", path) ? 0 : -1;
}

int log_file_remove(void **state)
{
  DeleteFileW(path);
  return 0;
}

/* Reads the whole file, adds a NUL and returns the length. */
static DWORD read_all(void)
{
  DWORD bytes = 0;
  const HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                  OPEN_EXISTING, 0, NULL);

  if (file == INVALID_HANDLE_VALUE)
    return 0;
  assert_true(ReadFile(file, text, sizeof text, &bytes, NULL));
  CloseHandle(file);
  assert_true(bytes < sizeof text);
  text[bytes] = 0;
  return bytes;
}

unsigned log_file_lines(void)
{
  const DWORD bytes = read_all();
  unsigned lines = 0;

  for (const char *line = text; bytes > 0 && *line != 0; lines++) {
    const char *end = strchr(line, '\n');

    assert_non_null(end);
    assert_memory_equal(line, "ws2spi ", 7);
    line = end + 1;
  }
  return lines;
}

const char *log_file_last_line(void)
{
  const DWORD bytes = read_all();
  char *line;

  assert_true(bytes > 0 && text[bytes - 1] == '\n');
  text[bytes - 1] = 0;
  line = strrchr(text, '\n');
  return line != NULL ? line + 1 : text;
}
