/* The kernel object behind a handle that WPUCreateSocketHandle returns.
 *
 * It must be a real one: programs pass socket handles to CreateIoCompletionPort,
 * GetHandleInformation and CloseHandle, and the value must never be that of a system socket. It
 * is the null device, opened for overlapped access. The provider gets a second handle of it,
 * which allows only waiting and cannot be closed with CloseHandle: ReadFile and WriteFile on it
 * fail, and the system's own socket functions fail with WSAENOTSOCK. The first handle stays in
 * the DLL, for completion packets: a completion port belongs to the object, so a request on the
 * first handle completes at the port with which the program associated the second. */
#ifndef WS2SPI_SOCKETS_HANDLE_DEVICE_H
#define WS2SPI_SOCKETS_HANDLE_DEVICE_H

#include "platform/windows_headers.h"

#include <stdbool.h>

struct handle_device {
  SOCKET handle; /* the provider's */
  HANDLE device; /* the DLL's own */
};

bool handle_device_open(struct handle_device *device);

/* Closes the provider's handle. Does nothing if it is not protected from CloseHandle any more: the
 * program may then have closed it, and its value may be another object's by now. */
void handle_device_close_handle(const struct handle_device *device);
void handle_device_close_device(const struct handle_device *device);

#endif
