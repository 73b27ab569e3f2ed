/* A stream whose send was cancelled in the middle. The peer has an unknown part of the data and
 * must not take it for all of it, so the connection must be reset
 * (ws2spi/nc-ws2spi-lpwspcancelblockingcall). */
#include "base/wait.h"
#include "platform/system_winsock.h"

/* The close that follows resets the connection. A shutdown would not do: it sends the end of the
 * stream after the part, and the peer sees a graceful close. */
void base_socket_abort_stream(struct base_socket *socket)
{
  const struct linger reset = {1, 0};

  AcquireSRWLockExclusive(&socket->lock);
  atomic_store(&socket->stream_aborted, true);
  if (!atomic_load(&socket->closing))
    system_winsock()->setsockopt(socket->handle, SOL_SOCKET, SO_LINGER, (const char *)&reset,
                                 sizeof reset);
  ReleaseSRWLockExclusive(&socket->lock);
  base_waits_interrupt(socket, INVALID_SOCKET);
}
