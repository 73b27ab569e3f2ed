/* WSPAddressToString and WSPStringToAddress. Lengths of strings count characters,
 * as in the system's own W functions; the SPI page says bytes
 * (ws2spi/nc-ws2spi-lpwspaddresstostring), but a layer hands on what its client gave. */
#include "base/caller_buffers.h"
#include "base/procedures.h"
#include "base/base_socket.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

enum { LONGEST_TEXT = 256 };

static int check_info(const WSAPROTOCOL_INFOW *info)
{
  WSAPROTOCOL_INFOW copy;

  if (system_winsock() == NULL)
    return WSAEINVAL;
  return caller_read(&copy, info, sizeof copy) ? 0 : WSAEFAULT;
}

/* What does not fit stores the size that would. */
static int store_text(WCHAR *target, LPDWORD length, const WCHAR *text, DWORD chars)
{
  DWORD room;

  if (!caller_read(&room, length, sizeof room) || !caller_write(length, &chars, sizeof chars))
    return WSAEFAULT;
  if (room < chars || !caller_write(target, text, chars * sizeof text[0]))
    return WSAEFAULT;
  return 0;
}

static int address_to_string(const struct sockaddr *address, DWORD length, WCHAR *target,
                             LPDWORD target_length)
{
  SOCKADDR_STORAGE copy;
  WCHAR text[LONGEST_TEXT];
  DWORD chars = LONGEST_TEXT;

  if (length > sizeof copy || caller_address_copy(&copy, address, (int)length) != 0)
    return WSAEFAULT;
  if (copy.ss_family != AF_INET && copy.ss_family != AF_INET6)
    return WSAEINVAL;
  if ((int)length < address_size(copy.ss_family))
    return WSAEFAULT;
  if (system_winsock()->WSAAddressToStringW((struct sockaddr *)&copy, length, NULL, text, &chars) !=
      0)
    return WSAEINVAL;
  return store_text(target, target_length, text, (DWORD)wcslen(text) + 1);
}

INT WSPAPI base_address_to_string(LPSOCKADDR lpsaAddress, DWORD dwAddressLength,
                                  LPWSAPROTOCOL_INFOW lpProtocolInfo, LPWSTR lpszAddressString,
                                  LPDWORD lpdwAddressStringLength, LPINT lpErrno)
{
  int error;

  if (!spi_begin_in("WSPAddressToString", lpErrno))
    return SOCKET_ERROR;
  error = check_info(lpProtocolInfo);
  if (error == 0)
    error =
        address_to_string(lpsaAddress, dwAddressLength, lpszAddressString, lpdwAddressStringLength);
  return spi_result_in("WSPAddressToString", lpErrno, error);
}

static int copy_text(WCHAR *copy, const WCHAR *text)
{
  const size_t length = caller_string_length(text, LONGEST_TEXT);

  if (length == CALLER_BAD_STRING)
    return WSAEFAULT;
  if (length == LONGEST_TEXT)
    return WSAEINVAL;
  if (!caller_read(copy, text, length * sizeof *copy))
    return WSAEFAULT;
  copy[length] = 0; /* whatever another thread has written there meanwhile */
  return 0;
}

static int store_address(struct sockaddr *target, LPINT target_length,
                         const SOCKADDR_STORAGE *address, int length)
{
  int room;

  if (!caller_read(&room, target_length, sizeof room) || !caller_store_int(target_length, length))
    return WSAEFAULT;
  if (room < length || !caller_write(target, address, (size_t)length))
    return WSAEFAULT;
  return 0;
}

static int string_to_address(const WCHAR *string, int family, struct sockaddr *target,
                             LPINT target_length)
{
  WCHAR text[LONGEST_TEXT + 1];
  SOCKADDR_STORAGE address = {.ss_family = (short)family};
  int length = sizeof address;
  const int error = copy_text(text, string);

  if (error != 0)
    return error;
  if ((family != AF_INET && family != AF_INET6) || text[0] == 0)
    return WSAEINVAL;
  if (system_winsock()->WSAStringToAddressW(text, family, NULL, (struct sockaddr *)&address,
                                            &length) != 0)
    return WSAEINVAL;
  return store_address(target, target_length, &address, address_size(family));
}

INT WSPAPI base_string_to_address(LPWSTR AddressString, INT AddressFamily,
                                  LPWSAPROTOCOL_INFOW lpProtocolInfo, LPSOCKADDR lpAddress,
                                  LPINT lpAddressLength, LPINT lpErrno)
{
  int error;

  if (!spi_begin_in("WSPStringToAddress", lpErrno))
    return SOCKET_ERROR;
  error = check_info(lpProtocolInfo);
  if (error == 0)
    error = string_to_address(AddressString, AddressFamily, lpAddress, lpAddressLength);
  return spi_result_in("WSPStringToAddress", lpErrno, error);
}
