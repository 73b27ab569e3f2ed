/* WSPAsyncSelect, WSPEventSelect, WSPEnumNetworkEvents. The system records and reports the events.
 * It also posts the window messages, where the page names WPUPostMessage, whose effect is the
 * same. */
#include "base/procedures.h"
#include "base/base_socket.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

int WSPAPI base_async_select(SOCKET s, HWND hWnd, unsigned int wMsg, long lEvent, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPAsyncSelect", s, lpErrno);
  int error = 0;

  if (socket == NULL)
    return SOCKET_ERROR;
  if (lEvent != 0 && !IsWindow(hWnd))
    error = WSAEINVAL;
  else if (system_winsock()->WSAAsyncSelect(socket->handle, hWnd, wMsg, lEvent) != 0)
    error = base_system_error();
  else
    base_socket_note_nonblocking(socket); /* whatever the mask is */
  return base_leave("WSPAsyncSelect", socket, lpErrno, error);
}

int WSPAPI base_event_select(SOCKET s, WSAEVENT hEventObject, long lNetworkEvents, LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPEventSelect", s, lpErrno);
  int error = 0;

  if (socket == NULL)
    return SOCKET_ERROR;
  if (lNetworkEvents != 0 && hEventObject == WSA_INVALID_EVENT)
    error = WSAEINVAL;
  else if (system_winsock()->WSAEventSelect(socket->handle, hEventObject, lNetworkEvents) != 0)
    error = base_system_error();
  else
    base_socket_note_nonblocking(socket); /* whatever the mask is */
  return base_leave("WSPEventSelect", socket, lpErrno, error);
}

/* The system clears its record of events when it is read, so the target is checked first. Error
 * codes of events that did not happen keep the caller's values. */
static int network_events_read(const struct base_socket *socket, WSAEVENT event,
                               LPWSANETWORKEVENTS target)
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
                    network_events_read(socket, hEventObject, lpNetworkEvents));
}
