/* WSPGetOverlappedResult. */
#include "base/procedures.h"
#include "base/base_socket.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

static int overlapped_result_get(const struct base_socket *socket, LPWSAOVERLAPPED overlapped,
                                 LPDWORD transferred, bool wait, LPDWORD flags)
{
  DWORD bytes = 0;
  DWORD result_flags = 0;

  if (!caller_can_write(overlapped, sizeof *overlapped) ||
      !caller_can_write(transferred, sizeof *transferred) ||
      !caller_can_write(flags, sizeof *flags))
    return WSAEFAULT;
  if (wait && overlapped->hEvent == NULL && !HasOverlappedIoCompleted(overlapped))
    return WSA_INVALID_HANDLE;
  if (!system_winsock()->WSAGetOverlappedResult(socket->handle, overlapped, &bytes, wait,
                                                &result_flags))
    return base_system_error();
  if (!caller_write(transferred, &bytes, sizeof bytes) ||
      !caller_write(flags, &result_flags, sizeof result_flags))
    return WSAEFAULT;
  return 0;
}

WINBOOL WSPAPI base_get_overlapped_result(SOCKET s, LPWSAOVERLAPPED lpOverlapped,
                                          LPDWORD lpcbTransfer, WINBOOL fWait, LPDWORD lpdwFlags,
                                          LPINT lpErrno)
{
  struct base_socket *socket = base_enter("WSPGetOverlappedResult", s, lpErrno);
  int error;

  if (socket == NULL)
    return FALSE;
  error = overlapped_result_get(socket, lpOverlapped, lpcbTransfer, fWait != 0, lpdwFlags);
  return base_leave("WSPGetOverlappedResult", socket, lpErrno, error) == 0;
}
