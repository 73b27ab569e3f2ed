#include "platform/spi_error.h"

#include "platform/bad_pointer.h"
#include "platform/caller_memory.h"
#include "platform/windows_headers.h"

int spi_fail_in(const char *function, int *lpErrno, int code)
{
  if (code == WSAEFAULT && log_is_on())
    bad_pointer_log(function);
  caller_store_int(lpErrno, code);
  return SOCKET_ERROR;
}

static bool spi_begin_log(const char *function, bool good)
{
  if (!log_is_on())
    return good;
  if (good)
    bad_pointer_forget(); /* of an earlier call, which did not fail because of it */
  else
    bad_pointer_log(function);
  return good;
}

bool spi_begin_in(const char *function, int *lpErrno)
{
  return spi_begin_log(function, caller_store_int(lpErrno, 0));
}

bool spi_begin_upcall_in(const char *function, int *lpErrno)
{
  return spi_begin_log(function, caller_can_store_int(lpErrno));
}

int spi_result_in(const char *function, int *lpErrno, int code)
{
  return code == 0 ? 0 : spi_fail_in(function, lpErrno, code);
}
