#include "catalog/catalog.h"

#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"

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
  const DWORD needed = (DWORD)(found * sizeof *buffer);
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

static int enumerate(const int *protocols, WSAPROTOCOL_INFOW *buffer, DWORD *bytes, int *count)
{
  struct filter filter = {0};
  struct catalog_snapshot *snapshot;
  int error = copy_filter(&filter, protocols);

  if (error == 0) {
    snapshot = catalog_take_snapshot();
    error = WSAENOBUFS; /* the only listed code that memory exhaustion can have */
    if (snapshot != NULL) {
      error = fill_buffer(snapshot, &filter, buffer, bytes, count);
      catalog_free_snapshot(snapshot);
    }
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
  error = enumerate(lpiProtocols, lpProtocolBuffer, lpdwBufferLength, &count);
  return error == 0 ? count : spi_fail(lpErrno, error);
}
