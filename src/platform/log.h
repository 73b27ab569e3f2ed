/* The log says why something was refused. It is off unless the environment has
 * WS2SPI_LOG=stderr or WS2SPI_LOG=<path> when the first event comes; then each
 * event is one line with process and thread id. Logging preserves the last
 * error and changes no result. */
#ifndef WS2SPI_PLATFORM_LOG_H
#define WS2SPI_PLATFORM_LOG_H

#include "platform/windows_headers.h"

/* Formats as printf of msvcrt does. No %ls: msvcrt gives up on what its locale lacks. */
__attribute__((format(__ms_printf__, 1, 2))) void log_event(const char *format, ...);

/* A path as UTF-8, for %s. The buffer must have LOG_PATH_CHARS characters. */
enum { LOG_PATH_CHARS = 3 * MAX_PATH };
const char *log_path(const WCHAR *path, char *buffer);

/* At FreeLibrary. */
void log_close(void);

#endif
