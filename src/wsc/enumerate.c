#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"

#include <string.h>

/* A copy of the caller's list of protocols, NULL meaning all. */
struct filter {
  int *protocols;
  size_t count;
};

static bool count_protocols(const int *list, size_t *count)
{
  int protocol;

  for (*count = 0;; ++*count) {
    if (!caller_read(&protocol, list + *count, sizeof protocol))
      return false;
    if (protocol == 0)
      return true;
  }
}

static int copy_filter(struct filter *filter, const int *list)
{
  if (list == NULL)
    return 0;
  if (!count_protocols(list, &filter->count))
    return WSAEFAULT;
  filter->protocols = heap_allocate((filter->count + 1) * sizeof *filter->protocols);
  if (filter->protocols == NULL)
    return WSAENOBUFS;
  return caller_read(filter->protocols, list, filter->count * sizeof *list) ? 0 : WSAEFAULT;
}

/* Entries with protocol 0 match no filter (ReactOS), though their range may reach
 * the value; a list of no protocols matches nothing. */
static bool matches(const struct filter *filter, const WSAPROTOCOL_INFOW *info)
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

static size_t count_matches(const struct catalog_snapshot *snapshot, const struct filter *filter)
{
  size_t count = 0;

  for (size_t i = 0; i < snapshot->count; i++)
    count += matches(filter, &snapshot->entry[i]->info);
  return count;
}

static bool write_matches(const struct catalog_snapshot *snapshot, const struct filter *filter,
                          WSAPROTOCOL_INFOW *buffer)
{
  for (size_t i = 0; i < snapshot->count; i++) {
    const WSAPROTOCOL_INFOW *info = &snapshot->entry[i]->info;

    if (matches(filter, info) && !caller_write(buffer++, info, sizeof *info))
      return false;
  }
  return true;
}

/* Never a part of the enumeration: the buffer is checked before it is filled. */
static int fill_buffer(const struct catalog_snapshot *snapshot, const struct filter *filter,
                       WSAPROTOCOL_INFOW *buffer, DWORD *bytes, int *count)
{
  const size_t found = count_matches(snapshot, filter);
  const DWORD needed = (DWORD)found * (DWORD)sizeof *buffer;
  DWORD offered;

  if (!caller_read(&offered, bytes, sizeof offered) || !caller_write(bytes, &needed, sizeof needed))
    return WSAEFAULT;
  if (offered < needed || (buffer == NULL && needed != 0))
    return WSAENOBUFS;
  if (!caller_can_write(buffer, needed) || !write_matches(snapshot, filter, buffer)) {
    caller_write(bytes, &offered, sizeof offered);
    return WSAEFAULT;
  }
  *count = (int)found;
  return 0;
}

/* Of the codes the page lists, memory exhaustion can have WSAENOBUFS only. It has none for a
 * catalog that cannot be read: then the one that most of its neighbours have. */
static int snapshot_of(enum catalog_width width, struct catalog_snapshot **snapshot)
{
  const int error = catalog_take_snapshot(width, snapshot);

  return error == WSA_NOT_ENOUGH_MEMORY ? WSAENOBUFS : documented_error(error);
}

static int enumerate(enum catalog_width width, const int *protocols, WSAPROTOCOL_INFOW *buffer,
                     DWORD *bytes, int *count)
{
  struct filter filter = {0};
  struct catalog_snapshot *snapshot;
  int error = copy_filter(&filter, protocols);

  if (error == 0)
    error = snapshot_of(width, &snapshot);
  if (error == 0) {
    error = fill_buffer(snapshot, &filter, buffer, bytes, count);
    catalog_free_snapshot(snapshot);
  }
  heap_free(filter.protocols);
  return error;
}

/* The size needed is stored on success too, as ws2spi/nf-ws2spi-wscenumprotocols
 * says and ReactOS and Wine do not. WSAEINVAL, which the page lists, has no cause. */
int WSPAPI WSCEnumProtocols(LPINT lpiProtocols, LPWSAPROTOCOL_INFOW lpProtocolBuffer,
                            LPDWORD lpdwBufferLength, LPINT lpErrno)
{
  int count;
  int error;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  error = enumerate(CATALOG_NATIVE, lpiProtocols, lpProtocolBuffer, lpdwBufferLength, &count);
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
  error = enumerate(CATALOG_32, lpiProtocols, lpProtocolBuffer, lpdwBufferLength, &count);
  return error == 0 ? count : spi_fail(lpErrno, error);
}
#endif

/* --- entries as they are stored -------------------------------------------------------- */

static bool is_stored(const struct catalog_entry *entry)
{
  return entry->info.dwCatalogEntryId < WS2SPI_FIRST_REGISTERED_ID;
}

/* The caller says with dwSize which WS2SPI_CATALOG_ENTRY it was compiled with, so that entries of
 * a later, longer one never reach a program that steps by the size of this one. */
static int check_entry_size(const WS2SPI_CATALOG_ENTRY *buffer, DWORD offered)
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

static bool write_stored(const struct catalog_snapshot *snapshot, WS2SPI_CATALOG_ENTRY *buffer)
{
  WS2SPI_CATALOG_ENTRY stored = {.dwSize = sizeof stored};

  for (size_t i = 0; i < snapshot->count; i++) {
    const struct catalog_entry *entry = snapshot->entry[i];

    if (!is_stored(entry))
      continue;
    stored.ProtocolInfo = entry->item.info;
    memcpy(stored.szPath, entry->item.path, sizeof stored.szPath);
    if (!caller_write(buffer++, &stored, sizeof stored))
      return false;
  }
  return true;
}

static int fill_stored(const struct catalog_snapshot *snapshot, WS2SPI_CATALOG_ENTRY *buffer,
                       DWORD *bytes, int *count)
{
  DWORD needed, offered;
  int error;

  if (!caller_read(&offered, bytes, sizeof offered))
    return WSAEFAULT;
  error = check_entry_size(buffer, offered);
  if (error != 0)
    return error;
  *count = 0;
  for (size_t i = 0; i < snapshot->count; i++)
    *count += is_stored(snapshot->entry[i]);
  needed = (DWORD)*count * (DWORD)sizeof *buffer;
  if (!caller_write(bytes, &needed, sizeof needed))
    return WSAEFAULT;
  if (offered < needed || (buffer == NULL && needed != 0))
    return WSAENOBUFS;
  if (!caller_can_write(buffer, needed) || !write_stored(snapshot, buffer)) {
    caller_write(bytes, &offered, sizeof offered);
    return WSAEFAULT;
  }
  return 0;
}

/* WSAENOBUFS speaks of the buffer alone here, so that who grows it comes to an end. */
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
  error = fill_stored(snapshot, lpBuffer, lpdwBufferLength, &count);
  catalog_free_snapshot(snapshot);
  return error == 0 ? count : spi_fail(lpErrno, error);
}
