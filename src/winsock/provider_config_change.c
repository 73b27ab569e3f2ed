#include "blocking/winsock_state.h"
#include "wsc/config_change.h"

/* Reports changes of the protocol catalog; name spaces have no catalog here. */
int WSAAPI WSAProviderConfigChange(LPHANDLE lpNotificationHandle, LPWSAOVERLAPPED lpOverlapped,
                                   LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine)
{
  const int error = winsock_state_is_down() ? WSANOTINITIALISED
                                            : config_change_wait(lpNotificationHandle, lpOverlapped,
                                                                 lpCompletionRoutine);

  if (error == 0)
    return 0;
  SetLastError((DWORD)error);
  return SOCKET_ERROR;
}
