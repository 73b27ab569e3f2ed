#include "blocking/hook_error_text.h"
#include "blocking/operation.h"
#include "blocking/winsock_state.h"
#include "host/host.h"
#include "platform/log.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"

/* The provider is told first, and once: its refusal means that the operation goes
 * on (ReactOS does the same; the pages are silent). */
static int cancel_current(struct thread_record *record)
{
  const uintptr_t number = operation_current(record);
  DWORD id;

  if (operation_is_cancelled(record, number))
    return 0;
  if (operation_get_entry(record, number, &id)) {
    const int error = host_cancel_blocking_call(id);

    if (error != 0) {
      log_event("entry %lu: WSPCancelBlockingCall refused with error %d", id, error);
      return error;
    }
  }
  operation_cancel(record, number);
  return 0;
}

/* 1.1 specification, WSACancelBlockingCall. Between two callbacks no code of the
 * application runs on the thread, so only a hook can have something to cancel. What
 * the process has asked WSAStartup for since the hook was set does not matter: a
 * hook that runs must be able to end what it runs in. */
int WSAAPI WSACancelBlockingCall(void)
{
  struct thread_record *record = thread_record_get();
  int error;

  if (record != NULL && record->in_callback) {
    error = cancel_current(record);
  } else {
    error = winsock_state_refuses_hooks();
    if (error == 0)
      error = WSAEINVAL;
    log_event("WSACancelBlockingCall: error %d, %s", error, refusal_reason(error));
  }
  if (error == 0)
    return 0;
  SetLastError((DWORD)error);
  return SOCKET_ERROR;
}

int WSPAPI Ws2SpiCancelBlockingCall(DWORD dwThreadId, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(lpErrno, blocking_cancel_thread(dwThreadId) ? 0 : WSAEINVAL);
}
