/* WSCEnumProtocols, WSCEnumProtocols32 and Ws2SpiEnumCatalog. */
#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"

#include <string.h>

/* A copy of the caller's list of protocols. NULL: no filter. */
struct filter {
  int *protocols;
  size_t count;
};

static bool enumerate_count_filter(const int *list, size_t *count)
{
  int protocol;

  for (*count = 0;; ++*count) {
    if (!caller_read(&protocol, list + *count, sizeof protocol))
      return false;
    if (protocol == 0)
      return true;
  }
}

static int enumerate_copy_filter(struct filter *filter, const int *list)
{
  if (list == NULL)
    return 0;
  if (!enumerate_count_filter(list, &filter->count))
    return WSAEFAULT;
  filter->protocols = heap_allocate((filter->count + 1) * sizeof *filter->protocols);
  if (filter->protocols == NULL)
    return WSAENOBUFS;
  return caller_read(filter->protocols, list, filter->count * sizeof *list) ? 0 : WSAEFAULT;
}

/* An entry with protocol 0 matches no filter, as in ReactOS, even if its range of protocols
 * includes the value. An empty list matches nothing. */
static bool enumerate_matches(const struct filter *filter, const WSAPROTOCOL_INFOW *info)
{
  const long long first = info->iProtocol;
  const long long last = first + info->iProtocolMaxOffset;

  if (filter->protocols == NULL)
    return true;
  for (size_t i = 0; first != 0 && i < filter->count; i++) {
    if (filter->protocols[i] >= first && filter->protocols[i] <= last)
      return true;
  }
  return false;
}

static size_t enumerate_count_matches(const struct catalog_snapshot *snapshot,
                                      const struct filter *filter)
{
  size_t count = 0;

  for (size_t i = 0; i < snapshot->count; i++)
    count += enumerate_matches(filter, &snapshot->entry[i]->info);
  return count;
}

static bool enumerate_write_matches(const struct catalog_snapshot *snapshot,
                                    const struct filter *filter, WSAPROTOCOL_INFOW *buffer)
{
  for (size_t i = 0; i < snapshot->count; i++) {
    const WSAPROTOCOL_INFOW *info = &snapshot->entry[i]->info;

    if (enumerate_matches(filter, info) && !caller_write(buffer++, info, sizeof *info))
      return false;
  }
  return true;
}

/* Checks the buffer before it fills it, so that a caller never gets a part of the list. */
static int enumerate_fill_buffer(const struct catalog_snapshot *snapshot,
                                 const struct filter *filter, WSAPROTOCOL_INFOW *buffer,
                                 DWORD *bytes, int *count)
{
  const size_t found = enumerate_count_matches(snapshot, filter);
  const DWORD needed = (DWORD)found * (DWORD)sizeof *buffer;
  DWORD offered;

  if (!caller_read(&offered, bytes, sizeof offered) || !caller_write(bytes, &needed, sizeof needed))
    return WSAEFAULT;
  if (offered < needed || (buffer == NULL && needed != 0))
    return WSAENOBUFS;
  if (!caller_can_write(buffer, needed) || !enumerate_write_matches(snapshot, filter, buffer)) {
    caller_write(bytes, &offered, sizeof offered);
    return WSAEFAULT;
  }
  *count = (int)found;
  return 0;
}

/* WSAENOBUFS is the only code on the page that fits a shortage of memory. The page has none for a
 * catalog that cannot be read; that gets the code that most WSC functions have for it. */
static int enumerate_take_snapshot(enum catalog_width width, struct catalog_snapshot **snapshot)
{
  const int error = catalog_take_snapshot(width, snapshot);

  return error == WSA_NOT_ENOUGH_MEMORY ? WSAENOBUFS : documented_error(error);
}

static int enumerate_protocols(enum catalog_width width, const int *protocols,
                               WSAPROTOCOL_INFOW *buffer, DWORD *bytes, int *count)
{
  struct filter filter = {0};
  struct catalog_snapshot *snapshot;
  int error = enumerate_copy_filter(&filter, protocols);

  if (error == 0)
    error = enumerate_take_snapshot(width, &snapshot);
  if (error == 0) {
    error = enumerate_fill_buffer(snapshot, &filter, buffer, bytes, count);
    catalog_free_snapshot(snapshot);
  }
  heap_free(filter.protocols);
  return error;
}

/* The size needed is stored on success too, as the page says (ws2spi/nf-ws2spi-wscenumprotocols);
 * ReactOS and Wine do not do that. The page lists WSAEINVAL, but no argument of this function can
 * cause it. */
int WSPAPI WSCEnumProtocols(LPINT lpiProtocols, LPWSAPROTOCOL_INFOW lpProtocolBuffer,
                            LPDWORD lpdwBufferLength, LPINT lpErrno)
{
  int count;
  int error;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  error =
      enumerate_protocols(CATALOG_NATIVE, lpiProtocols, lpProtocolBuffer, lpdwBufferLength, &count);
  return error == 0 ? count : spi_fail(lpErrno, error);
}

#ifdef _WIN64
int WSPAPI WSCEnumProtocols32(LPINT lpiProtocols, LPWSAPROTOCOL_INFOW lpProtocolBuffer,
                              LPDWORD lpdwBufferLength, LPINT lpErrno)
{
  int count;
  int error;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  error = enumerate_protocols(CATALOG_32, lpiProtocols, lpProtocolBuffer, lpdwBufferLength, &count);
  return error == 0 ? count : spi_fail(lpErrno, error);
}
#endif

/* --- Ws2SpiEnumCatalog: entries as they are stored ------------------------------------- */

static bool enumerate_is_stored(const struct catalog_entry *entry)
{
  return entry->info.dwCatalogEntryId < WS2SPI_FIRST_REGISTERED_ID;
}

/* The caller says with dwSize which WS2SPI_CATALOG_ENTRY it was compiled with, so that entries of
 * a later, longer one never reach a program that steps by the size of this one. */
static int enumerate_check_entry_size(const WS2SPI_CATALOG_ENTRY *buffer, DWORD offered)
{
  DWORD size;

  if (buffer == NULL || offered < sizeof size)
    return 0; /* only the length is asked for */
  if (!caller_read(&size, buffer, sizeof size))
    return WSAEFAULT;
  if (size == sizeof *buffer)
    return 0;
  return caller_can_write((void *)buffer, sizeof size) ? WSAEINVAL : WSAEFAULT;
}

static bool enumerate_write_stored(const struct catalog_snapshot *snapshot,
                                   WS2SPI_CATALOG_ENTRY *buffer)
{
  WS2SPI_CATALOG_ENTRY stored = {.dwSize = sizeof stored};

  for (size_t i = 0; i < snapshot->count; i++) {
    const struct catalog_entry *entry = snapshot->entry[i];

    if (!enumerate_is_stored(entry))
      continue;
    stored.ProtocolInfo = entry->item.info;
    memcpy(stored.szPath, entry->item.path, sizeof stored.szPath);
    if (!caller_write(buffer++, &stored, sizeof stored))
      return false;
  }
  return true;
}

static int enumerate_fill_stored(const struct catalog_snapshot *snapshot,
                                 WS2SPI_CATALOG_ENTRY *buffer, DWORD *bytes, int *count)
{
  DWORD needed, offered;
  int error;

  if (!caller_read(&offered, bytes, sizeof offered))
    return WSAEFAULT;
  error = enumerate_check_entry_size(buffer, offered);
  if (error != 0)
    return error;
  *count = 0;
  for (size_t i = 0; i < snapshot->count; i++)
    *count += enumerate_is_stored(snapshot->entry[i]);
  needed = (DWORD)*count * (DWORD)sizeof *buffer;
  if (!caller_write(bytes, &needed, sizeof needed))
    return WSAEFAULT;
  if (offered < needed || (buffer == NULL && needed != 0))
    return WSAENOBUFS;
  if (!caller_can_write(buffer, needed) || !enumerate_write_stored(snapshot, buffer)) {
    caller_write(bytes, &offered, sizeof offered);
    return WSAEFAULT;
  }
  return 0;
}

/* WSAENOBUFS always means that the buffer is too small, never a shortage of memory, so that a
 * caller who enlarges the buffer and retries cannot loop for ever. */
int WSPAPI Ws2SpiEnumCatalog(DWORD dwWidth, LPWS2SPI_CATALOG_ENTRY lpBuffer,
                             LPDWORD lpdwBufferLength, LPINT lpErrno)
{
  struct catalog_snapshot *snapshot;
  enum catalog_width width;
  int count;
  int error;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (!width_from_flag(dwWidth, &width))
    return spi_fail(lpErrno, WSAEINVAL);
  error = documented_error(catalog_take_snapshot(width, &snapshot));
  if (error != 0)
    return spi_fail(lpErrno, error);
  error = enumerate_fill_stored(snapshot, lpBuffer, lpdwBufferLength, &count);
  catalog_free_snapshot(snapshot);
  return error == 0 ? count : spi_fail(lpErrno, error);
}
