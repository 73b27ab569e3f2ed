#include "blocking/hook_error_text.h"
#include "blocking/operation.h"
#include "blocking/winsock_state.h"
#include "host/host.h"
#include "platform/log.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"

/* The provider is asked first, and once per operation. If it refuses, the operation continues
 * (ReactOS does the same; the pages do not say). */
static int cancel_call_current(struct thread_record *record)
{
  const uintptr_t id = operation_current(record);
  DWORD catalog_entry_id;

  if (operation_is_cancelled(record, id))
    return 0;
  if (operation_get_entry(record, id, &catalog_entry_id)) {
    const int error = host_cancel_blocking_call(catalog_entry_id);

    if (error != 0) {
      log_event("entry %lu: WSPCancelBlockingCall refused with error %d", catalog_entry_id, error);
      return error;
    }
  }
  operation_cancel(record, id);
  return 0;
}

/* 1.1 specification, WSACancelBlockingCall. Between two callbacks no application code runs on
 * the thread, so only a hook can have an operation to cancel. The version that the process has
 * asked WSAStartup for since the hook was set does not matter: a running hook must be able to
 * end the call that it runs in. */
int WSAAPI WSACancelBlockingCall(void)
{
  struct thread_record *record = thread_record_get();
  int error;

  if (record != NULL && record->in_callback) {
    error = cancel_call_current(record);
  } else {
    error = winsock_state_hook_error();
    if (error == 0)
      error = WSAEINVAL;
    log_event("WSACancelBlockingCall: error %d, %s", error, hook_error_text(error));
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
