/* The last bad pointer that a thread was given, kept for the line of the log that will say
 * which function refused it: what meets the pointer does not know the function, and
 * what knows the function does not know the pointer. Nothing is kept while the log is off. */
#ifndef WS2SPI_PLATFORM_BAD_POINTER_H
#define WS2SPI_PLATFORM_BAD_POINTER_H

#include "platform/log.h"

#include <stddef.h>

enum bad_pointer_use { POINTER_READ, POINTER_WRITTEN, POINTER_CALLED };

void bad_pointer_keep(const void *pointer, size_t size, enum bad_pointer_use use);

/* Logs it, and that the function with this documented name fails with WSAEFAULT. */
void bad_pointer_log(const char *function);

/* Of this thread. */
void bad_pointer_forget(void);

#endif
