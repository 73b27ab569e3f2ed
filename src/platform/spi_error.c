#include "platform/spi_error.h"

#include "platform/caller_memory.h"
#include "platform/windows_headers.h"

int spi_fail(int *lpErrno, int code)
{
  caller_store_int(lpErrno, code);
  return SOCKET_ERROR;
}

bool spi_begin(int *lpErrno)
{
  return caller_store_int(lpErrno, 0);
}

int spi_result(int *lpErrno, int code)
{
  return code == 0 ? 0 : spi_fail(lpErrno, code);
}
