#include "platform/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

enum { LINE_CHARS = 1024, PATH_CHARS = 512 };

static INIT_ONCE opened = INIT_ONCE_STATIC_INIT;
static HANDLE destination; /* NULL: off */
static BOOL destination_is_ours;

static BOOL CALLBACK open_destination(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
  WCHAR target[PATH_CHARS];
  const DWORD length = GetEnvironmentVariableW(L"WS2SPI_LOG", target, PATH_CHARS);

  (void)once;
  (void)parameter;
  (void)context;
  if (length == 0 || length >= PATH_CHARS)
    return TRUE;
  if (lstrcmpiW(target, L"stderr") == 0) {
    destination = GetStdHandle(STD_ERROR_HANDLE);
  } else {
    destination = CreateFileW(target, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    destination_is_ours = TRUE;
  }
  if (destination == INVALID_HANDLE_VALUE)
    destination = NULL;
  return TRUE;
}

static void write_line(const char *format, va_list arguments)
{
  char line[LINE_CHARS];
  DWORD written;
  DWORD length = (DWORD)_snprintf(line, LINE_CHARS, "ws2spi %lu.%lu: ", GetCurrentProcessId(),
                                  GetCurrentThreadId());
  const DWORD room = LINE_CHARS - length - 1;
  const int added = _vsnprintf(line + length, room, format, arguments);

  /* msvcrt answers -1 for text that was cut, and writes no NUL then. */
  length += added < 0 ? room : (DWORD)added;
  line[length++] = '\n';
  /* One write a line: lines of several threads and processes do not mix. */
  WriteFile(destination, line, length, &written, NULL);
}

void log_event(const char *format, ...)
{
  const DWORD last_error = GetLastError();

  InitOnceExecuteOnce(&opened, open_destination, NULL, NULL);
  if (destination != NULL) {
    va_list arguments;

    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
  }
  SetLastError(last_error);
}

const char *log_path(const WCHAR *path, char *buffer)
{
  if (WideCharToMultiByte(CP_UTF8, 0, path, -1, buffer, LOG_PATH_CHARS, NULL, NULL) == 0)
    lstrcpyA(buffer, "(a path too long to show)");
  return buffer;
}

void log_close(void)
{
  if (destination_is_ours && destination != NULL)
    CloseHandle(destination);
  destination = NULL;
}
