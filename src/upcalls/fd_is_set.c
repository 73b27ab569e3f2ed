#include "upcalls/upcalls.h"

#include "platform/caller_memory.h"

/* A set holds as many sockets as its fd_count says, whatever FD_SETSIZE its program
 * was compiled with. There is no error code: a set that cannot be read holds nothing. */
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
