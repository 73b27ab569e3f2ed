/* The log says why a call failed. It is off unless the environment has WS2SPI_LOG=stderr or
 * WS2SPI_LOG=<path> at the first call that could log. Each event is one line with process and
 * thread id. Logging preserves the last error and changes no result. */
#ifndef WS2SPI_PLATFORM_LOG_H
#define WS2SPI_PLATFORM_LOG_H

#include "platform/compiler.h"
#include "platform/guid_text.h"
#include "platform/windows_headers.h"

#include <stdatomic.h>
#include <stdbool.h>

enum log_state { LOG_UNKNOWN, LOG_OFF, LOG_ON };
extern atomic_int log_state;

bool log_open(void);

/* While the log is off, an event costs this test; its arguments are not evaluated. */
static inline bool log_is_on(void)
{
  const int state = atomic_load_explicit(&log_state, memory_order_relaxed);

  return state != LOG_OFF && (state == LOG_ON || log_open());
}

/* Formats as msvcrt's printf does. Do not use %ls: msvcrt fails on characters that its locale
 * lacks. */
#define log_event(...)                                                                             \
  do {                                                                                             \
    if (log_is_on())                                                                               \
      log_write(__VA_ARGS__);                                                                      \
  } while (0)
PRINTF_LIKE(1, 2) void log_write(const char *format, ...);

/* A path as UTF-8, for %s. The buffer must have LOG_PATH_CHARS characters. */
enum { LOG_PATH_CHARS = 3 * MAX_PATH };
const char *log_path(const WCHAR *path, char *buffer);

/* A GUID as guid_to_text writes it, for %s. The buffer must have LOG_GUID_CHARS characters. */
enum { LOG_GUID_CHARS = GUID_CHARS };
const char *log_guid(const GUID *guid, char *buffer);

/* At FreeLibrary. */
void log_close(void);

#endif
