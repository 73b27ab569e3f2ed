/* ws2spi.dll's log, in a file beside the test program. */
#ifndef WS2SPI_TESTS_LOG_FILE_H
#define WS2SPI_TESTS_LOG_FILE_H

#include <windows.h>

/* Group fixture: sets WS2SPI_LOG to an empty file. It must run before the process first calls
 * ws2spi.dll, because that opens the log. */
int log_file_open(void **state);
/* The DLL still has the file open, so it is deleted when the process ends. */
int log_file_remove(void **state);

/* The number of lines; asserts that each is complete. */
unsigned log_file_lines(void);
/* The last line without its line end, valid until the next call. */
const char *log_file_last_line(void);

#endif
