/* WSPAddressToString and WSPStringToAddress. */
#include "procedures.h"

int layer_address_to_string(struct layer *layer, LPSOCKADDR address, DWORD length,
                            LPWSAPROTOCOL_INFOW info, LPWSTR text, LPDWORD text_length, LPINT error)
{
  WSAPROTOCOL_INFOW info_below = chain_info_for_next(layer, info);
  struct call call;

  if (!call_begin_without_socket(&call, layer, error))
    return SOCKET_ERROR;
  return call_end(&call, call.next->lpWSPAddressToString(address, length, &info_below, text,
                                                         text_length, error));
}

int layer_string_to_address(struct layer *layer, LPWSTR text, int family, LPWSAPROTOCOL_INFOW info,
                            LPSOCKADDR address, LPINT length, LPINT error)
{
  WSAPROTOCOL_INFOW info_below = chain_info_for_next(layer, info);
  struct call call;

  if (!call_begin_without_socket(&call, layer, error))
    return SOCKET_ERROR;
  return call_end(
      &call, call.next->lpWSPStringToAddress(text, family, &info_below, address, length, error));
}
