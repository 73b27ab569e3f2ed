/* WSPCancelBlockingCall: ends this thread's own operation, and never asks the shim
 * for its WSACancelBlockingCall, which would come back here. */
#include "base/base.h"
#include "base/base_protocols.h"
#include "base/procedures.h"
#include "blocking/blocking.h"
#include "platform/spi_error.h"

int WSPAPI base_cancel_blocking_call(LPINT lpErrno)
{
  if (!spi_begin_in("WSPCancelBlockingCall", lpErrno))
    return SOCKET_ERROR;
  return spi_result_in("WSPCancelBlockingCall", lpErrno,
                       blocking_cancel_base_operation(base_is_entry) ? 0 : WSAEINVAL);
}
