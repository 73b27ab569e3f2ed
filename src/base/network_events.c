/* WSPAsyncSelect, WSPEventSelect, WSPEnumNetworkEvents. The system records and
 * reports the events; it posts the messages itself, too, where the page speaks of
 * WPUPostMessage: the shim's would do the same. */
#include "base/procedures.h"
#include "base/base_socket.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

/* Either call makes the socket non-blocking, whatever its mask. */
static int leave_selected(const char *function, struct base_socket *socket, LPINT lpErrno,
                          int result)
{
  if (result != 0)
    return base_leave(function, socket, lpErrno, base_system_error());
  base_socket_note_nonblocking(socket);
  return base_leave(function, socket, lpErrno, 0);
}

int WSPAPI base_async_select(SOCKET s, HWND hWnd, unsigned int wMsg, long lEvent, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPAsyncSelect", s, lpErrno);

  if (socket == NULL)
    return SOCKET_ERROR;
  if (lEvent != 0 && !IsWindow(hWnd))
    return base_leave("WSPAsyncSelect", socket, lpErrno, WSAEINVAL);
  return leave_selected("WSPAsyncSelect", socket, lpErrno,
                        system_winsock()->WSAAsyncSelect(socket->handle, hWnd, wMsg, lEvent));
}

int WSPAPI base_event_select(SOCKET s, WSAEVENT hEventObject, long lNetworkEvents, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPEventSelect", s, lpErrno);

  if (socket == NULL)
    return SOCKET_ERROR;
  if (lNetworkEvents != 0 && hEventObject == WSA_INVALID_EVENT)
    return base_leave("WSPEventSelect", socket, lpErrno, WSAEINVAL);
  return leave_selected(
      "WSPEventSelect", socket, lpErrno,
      system_winsock()->WSAEventSelect(socket->handle, hEventObject, lNetworkEvents));
}

/* The record is cleared by looking at it, so the target is tried first; and slots
 * of events that did not happen keep what the caller had in them. */
static int enumerate(const struct base_socket *socket, WSAEVENT event, LPWSANETWORKEVENTS target)
{
  WSANETWORKEVENTS events;

  if (!caller_can_write(target, sizeof *target) || !caller_read(&events, target, sizeof events))
    return WSAEFAULT;
  if (system_winsock()->WSAEnumNetworkEvents(socket->handle, event, &events) != 0)
    return base_system_error();
  return caller_write(target, &events, sizeof events) ? 0 : WSAEFAULT;
}

int WSPAPI base_enum_network_events(SOCKET s, WSAEVENT hEventObject,
                                    LPWSANETWORKEVENTS lpNetworkEvents, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPEnumNetworkEvents", s, lpErrno);

  if (socket == NULL)
    return SOCKET_ERROR;
  return base_leave("WSPEnumNetworkEvents", socket, lpErrno,
                    enumerate(socket, hEventObject, lpNetworkEvents));
}
