/* What DllMain saved: who we are, and the slot through which a thread finds its
 * blocking record. */
#ifndef WS2SPI_PLATFORM_MODULE_H
#define WS2SPI_PLATFORM_MODULE_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* False if no slot is to be had: then the DLL does not load. */
bool module_attach(HMODULE module);
void module_detach(void);

DWORD module_thread_slot(void);

/* Full path of this ws2spi.dll; false if it does not fit. */
bool module_path(WCHAR *path, DWORD chars);

#endif
