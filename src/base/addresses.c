/* WSPAddressToString and WSPStringToAddress. String lengths are in characters, as in the system's
 * W functions. The SPI page says bytes (ws2spi/nc-ws2spi-lpwspaddresstostring), but layers pass the
 * length on that their client gave to WSAAddressToString. */
#include "base/caller_buffers.h"
#include "base/procedures.h"
#include "base/base_socket.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

enum { MAX_TEXT_CHARS = 256 };

static int addresses_check_info(const WSAPROTOCOL_INFOW *info)
{
  WSAPROTOCOL_INFOW copy;

  if (system_winsock() == NULL)
    return WSAEINVAL;
  return caller_read(&copy, info, sizeof copy) ? 0 : WSAEFAULT;
}

/* If the text does not fit, only the length that it needs is stored. */
static int addresses_store_text(WCHAR *target, LPDWORD length, const WCHAR *text, DWORD chars)
{
  DWORD room;

  if (!caller_read(&room, length, sizeof room) || !caller_write(length, &chars, sizeof chars))
    return WSAEFAULT;
  if (room < chars || !caller_write(target, text, chars * sizeof text[0]))
    return WSAEFAULT;
  return 0;
}

static int addresses_to_string(const struct sockaddr *address, DWORD length, WCHAR *target,
                               LPDWORD target_length)
{
  SOCKADDR_STORAGE copy;
  WCHAR text[MAX_TEXT_CHARS];
  DWORD chars = MAX_TEXT_CHARS;

  if (length > sizeof copy || caller_address_copy(&copy, address, (int)length) != 0)
    return WSAEFAULT;
  if (copy.ss_family != AF_INET && copy.ss_family != AF_INET6)
    return WSAEINVAL;
  if ((int)length < address_size(copy.ss_family))
    return WSAEFAULT;
  if (system_winsock()->WSAAddressToStringW((struct sockaddr *)&copy, length, NULL, text, &chars) !=
      0)
    return WSAEINVAL;
  return addresses_store_text(target, target_length, text, (DWORD)wcslen(text) + 1);
}

INT WSPAPI base_address_to_string(LPSOCKADDR lpsaAddress, DWORD dwAddressLength,
                                  LPWSAPROTOCOL_INFOW lpProtocolInfo, LPWSTR lpszAddressString,
                                  LPDWORD lpdwAddressStringLength, LPINT lpErrno)
{
  int error;

  if (!spi_begin_in("WSPAddressToString", lpErrno))
    return SOCKET_ERROR;
  error = addresses_check_info(lpProtocolInfo);
  if (error == 0)
    error = addresses_to_string(lpsaAddress, dwAddressLength, lpszAddressString,
                                lpdwAddressStringLength);
  return spi_result_in("WSPAddressToString", lpErrno, error);
}

static int addresses_copy_text(WCHAR *copy, const WCHAR *text)
{
  const size_t length = caller_string_length(text, MAX_TEXT_CHARS);

  if (length == CALLER_BAD_STRING)
    return WSAEFAULT;
  if (length == MAX_TEXT_CHARS)
    return WSAEINVAL;
  if (!caller_read(copy, text, length * sizeof *copy))
    return WSAEFAULT;
  copy[length] = 0; /* another thread may have overwritten the end in between */
  return 0;
}

static int addresses_store(struct sockaddr *target, LPINT target_length,
                           const SOCKADDR_STORAGE *address, int length)
{
  int room;

  if (!caller_read(&room, target_length, sizeof room) || !caller_store_int(target_length, length))
    return WSAEFAULT;
  if (room < length || !caller_write(target, address, (size_t)length))
    return WSAEFAULT;
  return 0;
}

static int addresses_from_string(const WCHAR *string, int family, struct sockaddr *target,
                                 LPINT target_length)
{
  WCHAR text[MAX_TEXT_CHARS + 1];
  SOCKADDR_STORAGE address = {.ss_family = (short)family};
  int length = sizeof address;
  const int error = addresses_copy_text(text, string);

  if (error != 0)
    return error;
  if ((family != AF_INET && family != AF_INET6) || text[0] == 0)
    return WSAEINVAL;
  if (system_winsock()->WSAStringToAddressW(text, family, NULL, (struct sockaddr *)&address,
                                            &length) != 0)
    return WSAEINVAL;
  return addresses_store(target, target_length, &address, address_size(family));
}

INT WSPAPI base_string_to_address(LPWSTR AddressString, INT AddressFamily,
                                  LPWSAPROTOCOL_INFOW lpProtocolInfo, LPSOCKADDR lpAddress,
                                  LPINT lpAddressLength, LPINT lpErrno)
{
  int error;

  if (!spi_begin_in("WSPStringToAddress", lpErrno))
    return SOCKET_ERROR;
  error = addresses_check_info(lpProtocolInfo);
  if (error == 0)
    error = addresses_from_string(AddressString, AddressFamily, lpAddress, lpAddressLength);
  return spi_result_in("WSPStringToAddress", lpErrno, error);
}
