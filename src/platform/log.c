#include "platform/log.h"

#include <stdarg.h>
#include <stdio.h>

enum { LINE_CHARS = 1024, PATH_CHARS = 512 };

atomic_int log_state = LOG_UNKNOWN;
static INIT_ONCE opened = INIT_ONCE_STATIC_INIT;
static SRWLOCK writing = SRWLOCK_INIT;
static HANDLE destination; /* NULL: off */
static BOOL destination_is_ours;

static void log_open_destination(void)
{
  WCHAR target[PATH_CHARS];
  const DWORD length = GetEnvironmentVariableW(L"WS2SPI_LOG", target, PATH_CHARS);

  if (length == 0 || length >= PATH_CHARS)
    return;
  if (lstrcmpiW(target, L"stderr") == 0) {
    destination = GetStdHandle(STD_ERROR_HANDLE);
  } else {
    destination = CreateFileW(target, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    destination_is_ours = TRUE;
  }
  if (destination == INVALID_HANDLE_VALUE)
    destination = NULL;
}

static BOOL CALLBACK log_open_once(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
  (void)once;
  (void)parameter;
  (void)context;
  log_open_destination();
  atomic_store(&log_state, destination != NULL ? LOG_ON : LOG_OFF);
  return TRUE;
}

bool log_open(void)
{
  const DWORD last_error = GetLastError();

  InitOnceExecuteOnce(&opened, log_open_once, NULL, NULL);
  SetLastError(last_error);
  return atomic_load(&log_state) == LOG_ON;
}

static void log_write_line(const char *format, va_list arguments)
{
  char line[LINE_CHARS];
  DWORD written;
  DWORD length = (DWORD)_snprintf(line, LINE_CHARS, "ws2spi %lu.%lu: ", GetCurrentProcessId(),
                                  GetCurrentThreadId());
  const DWORD room = LINE_CHARS - length - 1;
  const int added = _vsnprintf(line + length, room, format, arguments);

  /* msvcrt returns -1 for text that was cut, and then writes no NUL. */
  length += added < 0 ? room : (DWORD)added;
  line[length++] = '\n';
  /* One write for each line: on Windows appending is atomic, so lines of several processes do
   * not mix. Wine first finds the end of the file and then writes; hence a lock is held over
   * this system call, and over nothing else. */
  AcquireSRWLockExclusive(&writing);
  WriteFile(destination, line, length, &written, NULL);
  ReleaseSRWLockExclusive(&writing);
}

void log_write(const char *format, ...)
{
  const DWORD last_error = GetLastError();

  va_list arguments;

  va_start(arguments, format);
  log_write_line(format, arguments);
  va_end(arguments);
  SetLastError(last_error);
}

const char *log_path(const WCHAR *path, char *buffer)
{
  if (WideCharToMultiByte(CP_UTF8, 0, path, -1, buffer, LOG_PATH_CHARS, NULL, NULL) == 0)
    lstrcpyA(buffer, "(path is too long)");
  return buffer;
}

const char *log_guid(const GUID *guid, char *buffer)
{
  return lstrcpyA(buffer, guid_to_text(guid).text);
}

void log_close(void)
{
  if (destination_is_ours && destination != NULL)
    CloseHandle(destination);
  destination = NULL;
}
