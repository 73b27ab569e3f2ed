/* WSPGetOverlappedResult. It reads the fields of the client's OVERLAPPED that overlapped.c and
 * Winsock have stored. */
#include "procedures.h"

static bool is_pending(LPWSAOVERLAPPED overlapped)
{
  const PVOID internal =
      InterlockedCompareExchangePointer((PVOID volatile *)&overlapped->Internal, NULL, NULL);

  return (ULONG_PTR)internal == WSS_OPERATION_IN_PROGRESS;
}

enum { SLICE_MILLISECONDS = 100 };

/* A wait needs an event. The wait is divided into slices, because the last WSPCleanup ends an
 * operation without setting the event (ws2spi/nc-ws2spi-lpwspcleanup). */
static int wait_for(LPWSAOVERLAPPED overlapped)
{
  const HANDLE event = (HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1);
  DWORD waited = event == NULL ? WAIT_FAILED : WAIT_TIMEOUT;

  while (waited == WAIT_TIMEOUT && is_pending(overlapped))
    waited = WaitForSingleObject(event, SLICE_MILLISECONDS);
  if (waited == WAIT_FAILED)
    return WSA_INVALID_HANDLE;
  return is_pending(overlapped) ? WSA_IO_INCOMPLETE : 0;
}

static int outcome(LPWSAOVERLAPPED overlapped, LPDWORD bytes, bool wait, LPDWORD flags)
{
  int error = 0;

  if (overlapped == NULL || bytes == NULL || flags == NULL)
    return WSAEFAULT;
  if (is_pending(overlapped))
    error = wait ? wait_for(overlapped) : WSA_IO_INCOMPLETE;
  if (error != 0)
    return error;
  *bytes = (DWORD)overlapped->InternalHigh;
  *flags = overlapped->Offset;
  return (int)overlapped->OffsetHigh;
}

WINBOOL WSPAPI layer_get_overlapped_result(SOCKET s, LPWSAOVERLAPPED overlapped, LPDWORD bytes,
                                           WINBOOL wait, LPDWORD flags, LPINT error)
{
  struct call call;

  if (!call_begin(&call, s, error))
    return FALSE;
  *error = outcome(overlapped, bytes, wait != 0, flags);
  return call_end(&call, *error == 0);
}
