#include "upcalls/upcalls.h"

#include "platform/spi_error.h"

/* A Winsock event is a Win32 event: manual-reset, unnamed, initially not signalled
 * (ws2spi/nf-ws2spi-wpucreateevent). The pages of the other three functions document one error, an
 * invalid handle; that of WPUSetEvent calls it ERROR_INVALID_HANDLE, which is the same number. */

WSAEVENT WSPAPI upcall_create_event(LPINT lpErrno)
{
  WSAEVENT event;

  if (!spi_begin_upcall_in("WPUCreateEvent", lpErrno))
    return WSA_INVALID_EVENT;
  event = CreateEventW(NULL, TRUE, FALSE, NULL);
  if (event == NULL)
    spi_fail_in("WPUCreateEvent", lpErrno, WSA_NOT_ENOUGH_MEMORY);
  return event;
}

static WINBOOL events_apply(const char *function, BOOL(WINAPI *action)(HANDLE), WSAEVENT event,
                            LPINT lpErrno)
{
  if (!spi_begin_upcall_in(function, lpErrno))
    return FALSE;
  if (event != WSA_INVALID_EVENT && action(event))
    return TRUE;
  spi_fail_in(function, lpErrno, WSA_INVALID_HANDLE);
  return FALSE;
}

WINBOOL WSPAPI upcall_close_event(WSAEVENT event, LPINT lpErrno)
{
  return events_apply("WPUCloseEvent", CloseHandle, event, lpErrno);
}

WINBOOL WSPAPI upcall_set_event(WSAEVENT event, LPINT lpErrno)
{
  return events_apply("WPUSetEvent", SetEvent, event, lpErrno);
}

WINBOOL WSPAPI upcall_reset_event(WSAEVENT event, LPINT lpErrno)
{
  return events_apply("WPUResetEvent", ResetEvent, event, lpErrno);
}
