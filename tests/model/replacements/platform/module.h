/* In place of the DLL's own: a thread of the model has its slot in the model. */
#ifndef WS2SPI_PLATFORM_MODULE_H
#define WS2SPI_PLATFORM_MODULE_H

#include "platform/windows_headers.h"

#include <stdbool.h>

void *module_thread_slot_get(void);
bool module_thread_slot_set(void *value);

#endif
