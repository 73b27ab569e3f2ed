/* Notifications that the catalog has changed (winsock2/nf-winsock2-wsaproviderconfigchange). */
#ifndef WS2SPI_WSC_CONFIG_CHANGE_H
#define WS2SPI_WSC_CONFIG_CHANGE_H

#include "platform/windows_headers.h"

/* WSAProviderConfigChange without the last error: 0, WSA_IO_PENDING, WSAEFAULT,
 * WSA_INVALID_HANDLE, WSAEOPNOTSUPP or WSA_NOT_ENOUGH_MEMORY. */
int config_change_wait(HANDLE *caller_handle, WSAOVERLAPPED *overlapped,
                       LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);

/* Another store has been opened. That counts as a change, and from now on the changes of this
 * store are watched. */
void config_change_store_opened(void);

#endif
