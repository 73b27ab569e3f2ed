#include "upcalls/upcalls.h"

#include "platform/caller_memory.h"

/* A set holds fd_count sockets, which may be more than FD_SETSIZE here: programs may be compiled
 * with another FD_SETSIZE. The function has no error code, so a set that cannot be read counts
 * as empty. */
int WSPAPI upcall_fd_is_set(SOCKET s, fd_set *set)
{
  u_int count;
  SOCKET member;

  if (!caller_read(&count, caller_offset(set, offsetof(fd_set, fd_count)), sizeof count))
    return 0;
  for (u_int i = 0; i < count; i++) {
    if (!caller_read(&member, caller_offset(set, offsetof(fd_set, fd_array) + i * sizeof member),
                     sizeof member))
      return 0;
    if (member == s)
      return 1;
  }
  return 0;
}
