/* The shim's log, in a file beside the test program. */
#ifndef WS2SPI_TESTS_LOG_FILE_H
#define WS2SPI_TESTS_LOG_FILE_H

#include <windows.h>

/* Group fixture: names the file in the environment and begins it anew. It must run
 * before the first call of the process into the shim, which is when the log is opened. */
int log_file_open(void **state);
/* It is still open in the DLL, and goes with it. */
int log_file_remove(void **state);

/* How many lines there are; each must be whole. */
unsigned log_file_lines(void);
/* The last one, without its end. It stays good until the next call. */
const char *log_file_last_line(void);

#endif
