/* The log says why something was refused. It is off unless the environment has
 * WS2SPI_LOG=stderr or WS2SPI_LOG=<path> when the first event comes; then each
 * event is one line with process and thread id. Logging preserves the last
 * error and changes no result. */
#ifndef WS2SPI_PLATFORM_LOG_H
#define WS2SPI_PLATFORM_LOG_H

#include <guiddef.h>
#include <wchar.h>

/* Formats as printf of msvcrt does; %ls is a wide string. */
__attribute__((format(__ms_printf__, 1, 2))) void log_event(const char *format, ...);

/* For %s. The buffer must have LOG_GUID_CHARS characters. */
enum { LOG_GUID_CHARS = 39 };
const char *log_guid(const GUID *guid, char *buffer);

/* At FreeLibrary. */
void log_close(void);

#endif
