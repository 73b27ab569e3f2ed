#include "sockets/handle_device.h"

static bool handle_device_duplicate(HANDLE device, HANDLE *handle)
{
  if (!DuplicateHandle(GetCurrentProcess(), device, GetCurrentProcess(), handle, SYNCHRONIZE, FALSE,
                       0))
    return false;
  if (SetHandleInformation(*handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE))
    return true;
  CloseHandle(*handle);
  return false;
}

bool handle_device_open(struct handle_device *device)
{
  HANDLE handle;

  device->device =
      CreateFileW(L"\\\\.\\NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                  NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
  if (device->device == INVALID_HANDLE_VALUE)
    return false;
  if (!handle_device_duplicate(device->device, &handle)) {
    CloseHandle(device->device);
    return false;
  }
  device->handle = (SOCKET)handle;
  return true;
}

void handle_device_close_handle(const struct handle_device *device)
{
  const HANDLE handle = (HANDLE)device->handle;
  DWORD flags;

  if (!GetHandleInformation(handle, &flags) || !(flags & HANDLE_FLAG_PROTECT_FROM_CLOSE))
    return;
  SetHandleInformation(handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0);
  CloseHandle(handle);
}

void handle_device_close_device(const struct handle_device *device)
{
  CloseHandle(device->device);
}
