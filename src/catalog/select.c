#include "catalog/arguments.h"
#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"

static bool protocol_matches(const WSAPROTOCOL_INFOW *info, int protocol)
{
  const long long first = info->iProtocol;

  if (protocol == 0 && (info->dwProviderFlags & PFL_MATCHES_PROTOCOL_ZERO) != 0)
    return true;
  return protocol >= first && protocol <= first + info->iProtocolMaxOffset;
}

/* 0, or which of the three does not match: the first of them. */
static int mismatch(const WSAPROTOCOL_INFOW *info, int family, int type, int protocol)
{
  if (family != AF_UNSPEC && family != info->iAddressFamily)
    return WSAEAFNOSUPPORT;
  if (type != 0 && type != info->iSocketType)
    return WSAESOCKTNOSUPPORT;
  return protocol_matches(info, protocol) ? 0 : WSAEPROTONOSUPPORT;
}

/* The code that says more: ReactOS has that of the last entry, whatever it is. */
static int better_code(int one, int other)
{
  if (one == WSAEPROTONOSUPPORT || other == WSAEPROTONOSUPPORT)
    return WSAEPROTONOSUPPORT;
  return one == WSAESOCKTNOSUPPORT ? one : other;
}

static int find_match(const struct catalog_snapshot *snapshot, enum catalog_width width, int family,
                      int type, int protocol, WSAPROTOCOL_INFOW *found)
{
  int error = WSAEAFNOSUPPORT;

  for (size_t i = 0; i < snapshot->count; i++) {
    const struct catalog_entry *entry = snapshot->entry[i];
    int outcome;

    if (entry->info.ProtocolChain.ChainLen == LAYERED_PROTOCOL)
      continue;
    outcome = mismatch(&entry->info, family, type, protocol);
    if (outcome != 0) {
      error = better_code(error, outcome);
      continue;
    }
    if (width == CATALOG_NATIVE)
      outcome = catalog_check_load(entry);
    if (outcome == 0)
      *found = entry->info;
    if (outcome != WSAEPROVIDERFAILEDINIT)
      return outcome;
  }
  return error;
}

static int choose(DWORD dwWidth, int family, int type, int protocol, WSAPROTOCOL_INFOW *caller_info)
{
  struct catalog_snapshot *snapshot;
  enum catalog_width width;
  WSAPROTOCOL_INFOW info;
  int error;

  if (!one_width(dwWidth, &width))
    return WSAEINVAL;
  if (!caller_can_write(caller_info, sizeof info))
    return WSAEFAULT;
  error = catalog_take_snapshot(width, &snapshot);
  if (error == 0) {
    error = find_match(snapshot, width, family, type, protocol, &info);
    catalog_free_snapshot(snapshot);
  }
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
  return spi_result(lpErrno, choose(dwWidth, af, type, protocol, lpProtocolInfo));
}
