/* Reads text files. */
#ifndef WS2SPI_RUNNER_TEXT_FILE_H
#define WS2SPI_RUNNER_TEXT_FILE_H

#include <windows.h>

#include <stddef.h>

/* Returns the last `most` bytes of the file, or the whole file, followed by a NUL. The caller frees the
 * text. NULL means that the file cannot be read or memory is exhausted. */
char *text_file_read(const WCHAR *path, size_t most, size_t *size);

#endif
