/* The blocking mode of a socket: the client's, and the one that the system's socket has. */
#include "base/base_socket.h"
#include "platform/system_winsock.h"

static int socket_mode_set_overlapped(SOCKET handle, bool nonblocking, LPWSAOVERLAPPED overlapped,
                                      LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  u_long value = nonblocking;
  DWORD returned;

  if (system_winsock()->WSAIoctl(handle, (DWORD)FIONBIO, &value, sizeof value, NULL, 0, &returned,
                                 overlapped, routine) != 0)
    return base_system_error();
  return 0;
}

static int socket_mode_set_system(SOCKET handle, bool nonblocking)
{
  return socket_mode_set_overlapped(handle, nonblocking, NULL, NULL);
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
  return base_socket_set_nonblocking_overlapped(socket, nonblocking, NULL, NULL);
}

int base_socket_set_nonblocking_overlapped(struct base_socket *socket, bool nonblocking,
                                           LPWSAOVERLAPPED overlapped,
                                           LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  int error;

  AcquireSRWLockExclusive(&socket->lock);
  error = socket_mode_set_overlapped(socket->handle, nonblocking || socket->nonblocking_calls > 0,
                                     overlapped, routine);
  if (error == 0 || error == WSA_IO_PENDING)
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
