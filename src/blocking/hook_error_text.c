#include "blocking/hook_error_text.h"

#include "platform/windows_headers.h"

const char *hook_error_text(int error)
{
  switch (error) {
  case WSANOTINITIALISED:
    return "WSACleanup was called since the last WSAStartup";
  case WSAEINPROGRESS:
    return "called from inside a blocking hook";
  case WSAEOPNOTSUPP:
    return "the process asked WSAStartup for version 2.x only";
  case WSAEFAULT:
    return "not a function that can be called";
  case WSAEINVAL:
    return "no blocking operation to cancel: not called from a hook";
  default: /* WSASYSCALLFAILURE */
    return "no memory or thread slot for the thread's record";
  }
}
