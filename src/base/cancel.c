/* WSPCancelBlockingCall. It cancels the operation of this thread directly: WSACancelBlockingCall
 * would call it again. */
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
                       blocking_cancel_base_operation(base_protocols_have_id) ? 0 : WSAEINVAL);
}
