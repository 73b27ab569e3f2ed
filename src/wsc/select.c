/* Ws2SpiSelectProtocol. */
#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"

static int select_protocol(DWORD dwWidth, int family, int type, int protocol,
                           WSAPROTOCOL_INFOW *caller_info)
{
  enum catalog_width width;
  WSAPROTOCOL_INFOW info;
  int error;

  if (!width_from_flag(dwWidth, &width))
    return WSAEINVAL;
  if (!caller_can_write(caller_info, sizeof info))
    return WSAEFAULT;
  error = catalog_select(width, family, type, protocol, &info);
  if (error == WSA_NOT_ENOUGH_MEMORY)
    error = WSAENOBUFS;
  if (error == 0 && !caller_write(caller_info, &info, sizeof info))
    error = WSAEFAULT;
  return error;
}

int WSPAPI Ws2SpiSelectProtocol(DWORD dwWidth, int af, int type, int protocol,
                                LPWSAPROTOCOL_INFOW lpProtocolInfo, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  return spi_result(lpErrno, select_protocol(dwWidth, af, type, protocol, lpProtocolInfo));
}
