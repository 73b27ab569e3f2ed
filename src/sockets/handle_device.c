#include "sockets/handle_device.h"

static bool make_handle(HANDLE device, HANDLE *given)
{
  if (!DuplicateHandle(GetCurrentProcess(), device, GetCurrentProcess(), given, SYNCHRONIZE, FALSE,
                       0))
    return false;
  if (SetHandleInformation(*given, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE))
    return true;
  CloseHandle(*given);
  return false;
}

bool handle_device_open(struct handle_device *object)
{
  HANDLE given;

  object->device =
      CreateFileW(L"\\\\.\\NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                  NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
  if (object->device == INVALID_HANDLE_VALUE)
    return false;
  if (!make_handle(object->device, &given)) {
    CloseHandle(object->device);
    return false;
  }
  object->handle = (SOCKET)given;
  return true;
}

void handle_device_close_handle(const struct handle_device *object)
{
  const HANDLE given = (HANDLE)object->handle;
  DWORD flags;

  if (!GetHandleInformation(given, &flags) || !(flags & HANDLE_FLAG_PROTECT_FROM_CLOSE))
    return;
  SetHandleInformation(given, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0);
  CloseHandle(given);
}

void handle_device_close_device(const struct handle_device *object)
{
  CloseHandle(object->device);
}
