/* The blocking mode of a socket: the client's, and the one that the system's socket has. */
#include "base/base_socket.h"
#include "platform/system_winsock.h"

static int socket_mode_set_system(SOCKET handle, bool nonblocking)
{
  u_long value = nonblocking;
  DWORD returned;

  if (system_winsock()->WSAIoctl(handle, (DWORD)FIONBIO, &value, sizeof value, NULL, 0, &returned,
                                 NULL, NULL) != 0)
    return base_system_error();
  return 0;
}

bool base_socket_is_nonblocking(struct base_socket *socket)
{
  bool nonblocking;

  if (!atomic_load(&socket->shared))
    return atomic_load(&socket->nonblocking);
  AcquireSRWLockExclusive(&socket->lock);
  nonblocking = atomic_load(&socket->nonblocking);
  if (nonblocking && !atomic_load(&socket->closing))
    socket_mode_set_system(socket->handle, true);
  ReleaseSRWLockExclusive(&socket->lock);
  return nonblocking;
}

int base_socket_set_nonblocking(struct base_socket *socket, bool nonblocking)
{
  int error;

  AcquireSRWLockExclusive(&socket->lock);
  error = socket_mode_set_system(socket->handle, nonblocking || socket->nonblocking_calls > 0);
  if (error == 0)
    atomic_store(&socket->nonblocking, nonblocking);
  ReleaseSRWLockExclusive(&socket->lock);
  return error;
}

void base_socket_note_nonblocking(struct base_socket *socket)
{
  AcquireSRWLockExclusive(&socket->lock);
  atomic_store(&socket->nonblocking, true);
  ReleaseSRWLockExclusive(&socket->lock);
}

int base_nonblocking_begin(struct base_socket *socket)
{
  int error = 0;

  AcquireSRWLockExclusive(&socket->lock);
  if (atomic_load(&socket->closing))
    error = WSAEINTR;
  else if (socket->nonblocking_calls == 0 && !atomic_load(&socket->nonblocking))
    error = socket_mode_set_system(socket->handle, true);
  if (error == 0)
    socket->nonblocking_calls++;
  ReleaseSRWLockExclusive(&socket->lock);
  return error;
}

void base_nonblocking_end(struct base_socket *socket)
{
  AcquireSRWLockExclusive(&socket->lock);
  socket->nonblocking_calls--;
  if (socket->nonblocking_calls == 0 && !atomic_load(&socket->nonblocking) &&
      !atomic_load(&socket->closing))
    socket_mode_set_system(socket->handle, false);
  ReleaseSRWLockExclusive(&socket->lock);
}
