/* What becomes of a connection once a send on it has been ended half way: what was
 * sent cannot be told from what was not, so the peer must not take the stream for a
 * whole one (ws2spi/nc-ws2spi-lpwspcancelblockingcall: it must be reset). */
#include "base/wait.h"
#include "platform/system_winsock.h"

/* No shutdown: that would send the end of the stream after the part that was taken,
 * and the peer would see a graceful close. */
static void end_with_a_reset(SOCKET s)
{
  const struct linger reset = {1, 0};

  system_winsock()->setsockopt(s, SOL_SOCKET, SO_LINGER, (const char *)&reset, sizeof reset);
}

void base_socket_compromise(struct base_socket *socket)
{
  AcquireSRWLockExclusive(&socket->lock);
  atomic_store(&socket->compromised, true);
  if (!atomic_load(&socket->closing))
    end_with_a_reset(socket->handle);
  ReleaseSRWLockExclusive(&socket->lock);
  base_waits_interrupt(socket);
}
