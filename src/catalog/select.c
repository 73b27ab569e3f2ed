#include "catalog/catalog.h"

static bool select_protocol_matches(const WSAPROTOCOL_INFOW *info, int protocol)
{
  const long long first = info->iProtocol;

  if (protocol == 0 && (info->dwProviderFlags & PFL_MATCHES_PROTOCOL_ZERO) != 0)
    return true;
  return protocol >= first && protocol <= first + info->iProtocolMaxOffset;
}

/* 0, or the error for the first of the three that does not match. */
static int select_check(const WSAPROTOCOL_INFOW *info, int family, int type, int protocol)
{
  if (family != AF_UNSPEC && family != info->iAddressFamily)
    return WSAEAFNOSUPPORT;
  if (type != 0 && type != info->iSocketType)
    return WSAESOCKTNOSUPPORT;
  return select_protocol_matches(info, protocol) ? 0 : WSAEPROTONOSUPPORT;
}

/* The error of the entry that matched most. ReactOS returns that of the last entry. */
static int select_closer_error(int one, int other)
{
  if (one == WSAEPROTONOSUPPORT || other == WSAEPROTONOSUPPORT)
    return WSAEPROTONOSUPPORT;
  return one == WSAESOCKTNOSUPPORT ? one : other;
}

static int select_from(const struct catalog_snapshot *snapshot, enum catalog_width width,
                       int family, int type, int protocol, WSAPROTOCOL_INFOW *found)
{
  int error = WSAEAFNOSUPPORT;

  for (size_t i = 0; i < snapshot->count; i++) {
    const struct catalog_entry *entry = snapshot->entry[i];
    int outcome;

    if (entry->info.ProtocolChain.ChainLen == LAYERED_PROTOCOL)
      continue;
    outcome = select_check(&entry->info, family, type, protocol);
    if (outcome != 0) {
      error = select_closer_error(error, outcome);
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

int catalog_select(enum catalog_width width, int family, int type, int protocol,
                   WSAPROTOCOL_INFOW *found)
{
  struct catalog_snapshot *snapshot;
  int error = catalog_take_snapshot(width, &snapshot);

  if (error == 0) {
    error = select_from(snapshot, width, family, type, protocol, found);
    catalog_free_snapshot(snapshot);
  }
  return error;
}
