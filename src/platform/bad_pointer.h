/* The last bad pointer that a thread passed, kept for the log. The code that meets the pointer
 * does not know which function was called, and the code that knows the function does not know
 * the pointer. Nothing is kept while the log is off. */
#ifndef WS2SPI_PLATFORM_BAD_POINTER_H
#define WS2SPI_PLATFORM_BAD_POINTER_H

#include "platform/log.h"

#include <stddef.h>

enum bad_pointer_use { BAD_POINTER_READ, BAD_POINTER_WRITTEN, BAD_POINTER_CALLED };

void bad_pointer_keep(const void *pointer, size_t size, enum bad_pointer_use use);

/* Logs that the function with this documented name fails with WSAEFAULT, and the pointer that this
 * thread kept, if any. */
void bad_pointer_log(const char *function);

/* Drops the pointer that this thread kept. */
void bad_pointer_forget(void);

#endif
