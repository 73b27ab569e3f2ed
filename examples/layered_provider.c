/* A layered service provider in one file: it sits between Winsock and the base
 * provider of TCP/IP, says what passes through it and counts the bytes.
 *
 * It is an IFS provider: the sockets it gives out are the lower provider's own, so
 * it needs no handle table and replaces only the procedures it cares about. Names
 * in parentheses are pages of the Winsock documentation. */
#include <winsock2.h>
#include <ws2spi.h>

#include <stdio.h>
#include <stdlib.h>

#include "layered_provider.h"

/* What one WSPStartup finds out. */
struct layer {
  DWORD own_id;                /* the catalog entry through which we were reached */
  WSAPROTOCOL_INFOW next_info; /* what the layer below wants to be told */
  WSPPROC_TABLE next;
  HMODULE next_module;
  WSPUPCALLTABLE upcalls;
};

/* The present one. Several entries would need a record each, found by socket; one
 * is enough to show the principle. The lock guards both; it is not held in calls. */
static struct layer present;
static LONG starts;
static SRWLOCK lock = SRWLOCK_INIT;

static volatile LONG64 bytes_received;

static struct layer layer_now(void)
{
  struct layer copy;

  AcquireSRWLockShared(&lock);
  copy = present;
  ReleaseSRWLockShared(&lock);
  return copy;
}

/* --- the procedures we replace ------------------------------------------------- */

/* Winsock must know every new descriptor before the client sees it, and under our
 * id: otherwise calls on it would go to the layer below, past us
 * (ws2spi/nf-ws2spi-wpumodifyifshandle). */
static SOCKET register_handle(const struct layer *layer, SOCKET s, LPINT error)
{
  SOCKET registered;
  int ignored;

  if (s == INVALID_SOCKET)
    return INVALID_SOCKET;
  registered = layer->upcalls.lpWPUModifyIFSHandle(layer->own_id, s, error);
  if (registered == INVALID_SOCKET)
    layer->next.lpWSPCloseSocket(s, &ignored);
  return registered;
}

/* The base provider never sees a chain: it is handed its own protocol information
 * instead of ours (WinSock/layered-protocols-and-protocol-chains-2). */
static SOCKET WSPAPI layer_socket(int family, int type, int protocol, LPWSAPROTOCOL_INFOW info,
                                  GROUP group, DWORD flags, LPINT error)
{
  struct layer layer = layer_now();

  (void)info;
  return register_handle(
      &layer, layer.next.lpWSPSocket(family, type, protocol, &layer.next_info, group, flags, error),
      error);
}

static SOCKET WSPAPI layer_accept(SOCKET s, struct sockaddr *address, LPINT length,
                                  LPCONDITIONPROC condition, DWORD_PTR data, LPINT error)
{
  const struct layer layer = layer_now();

  return register_handle(&layer, layer.next.lpWSPAccept(s, address, length, condition, data, error),
                         error);
}

static int WSPAPI layer_connect(SOCKET s, const struct sockaddr *address, int length,
                                LPWSABUF caller_data, LPWSABUF callee_data, LPQOS sqos, LPQOS gqos,
                                LPINT error)
{
  const struct layer layer = layer_now();
  const int result =
      layer.next.lpWSPConnect(s, address, length, caller_data, callee_data, sqos, gqos, error);

  if (result == 0)
    printf("[layer] connected\n");
  return result;
}

/* A blocking call needs nothing from us: the base provider asks Winsock for the
 * blocking callback itself, and what it returns when the call was cancelled is
 * passed on. Of an overlapped call an IFS layer sees the start only: the completion
 * goes from the system to the client. */
static int WSPAPI layer_recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received,
                             LPDWORD flags, LPWSAOVERLAPPED overlapped,
                             LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                             LPINT error)
{
  const struct layer layer = layer_now();
  const int result =
      layer.next.lpWSPRecv(s, buffers, count, received, flags, overlapped, routine, thread, error);

  if (overlapped != NULL)
    return result;
  if (result == 0) {
    InterlockedExchangeAdd64(&bytes_received, *received);
    printf("[layer] received %lu bytes\n", *received);
  } else {
    printf("[layer] receiving ended with error %d\n", *error);
  }
  return result;
}

static int WSPAPI layer_close_socket(SOCKET s, LPINT error)
{
  const struct layer layer = layer_now();
  const int result = layer.next.lpWSPCloseSocket(s, error);

  if (result == 0)
    printf("[layer] closed; %ld bytes received so far\n",
           (long)InterlockedExchangeAdd64(&bytes_received, 0));
  return result;
}

/* One cleanup for every start-up (ws2spi/nc-ws2spi-lpwspcleanup). What is below
 * counts too, starts and loads alike, so each is simply passed on. */
static int WSPAPI layer_cleanup(LPINT error)
{
  const struct layer layer = layer_now();
  const int result = layer.next.lpWSPCleanup(error);

  if (result != 0)
    return result;
  AcquireSRWLockExclusive(&lock);
  starts--;
  ReleaseSRWLockExclusive(&lock);
  FreeLibrary(layer.next_module);
  return 0;
}

/* Everything else stays the lower provider's, also what a later one may add. */
static void replace_procedures(LPWSPPROC_TABLE table)
{
  table->lpWSPAccept = layer_accept;
  table->lpWSPCleanup = layer_cleanup;
  table->lpWSPCloseSocket = layer_close_socket;
  table->lpWSPConnect = layer_connect;
  table->lpWSPRecv = layer_recv;
  table->lpWSPSocket = layer_socket;
}

/* --- where we are in the chain --------------------------------------------------- */

/* All catalog entries, hidden ones too, for the caller to free; the buffer grows
 * until they fit, as another process may add some meanwhile
 * (ws2spi/nf-ws2spi-wscenumprotocols). */
static LPWSAPROTOCOL_INFOW read_catalog(int *count)
{
  LPWSAPROTOCOL_INFOW entries = NULL;
  DWORD bytes = 0;
  int error;

  while ((*count = WSCEnumProtocols(NULL, entries, &bytes, &error)) == SOCKET_ERROR) {
    free(entries);
    if (error != WSAENOBUFS || (entries = malloc(bytes)) == NULL)
      return NULL;
  }
  return entries;
}

static const WSAPROTOCOL_INFOW *find_entry(const WSAPROTOCOL_INFOW *entries, int count, DWORD id)
{
  for (int i = 0; i < count; i++)
    if (entries[i].dwCatalogEntryId == id)
      return &entries[i];
  return NULL;
}

/* Ours are the hidden entry with the provider id we were installed under, and every
 * chain that begins with it; a layer above us may name either in its own chain. */
static BOOL is_ours(const WSAPROTOCOL_INFOW *entries, int count, DWORD id)
{
  const WSAPROTOCOL_INFOW *entry = find_entry(entries, count, id);

  if (entry != NULL && entry->ProtocolChain.ChainLen > 1)
    entry = find_entry(entries, count, entry->ProtocolChain.ChainEntries[0]);
  return entry != NULL && IsEqualGUID(&entry->ProviderId, &layered_provider_id);
}

/* Our index in the chain, or -1. */
static int place_in_chain(const WSAPROTOCOL_INFOW *entries, int count,
                          const WSAPROTOCOLCHAIN *chain)
{
  for (int i = 0; i < chain->ChainLen && i < MAX_PROTOCOL_CHAIN; i++)
    if (is_ours(entries, count, chain->ChainEntries[i]))
      return i;
  return -1;
}

/* A further layer below us is told the chain, unmodified, and finds its own place in
 * it; the base provider, last in the chain, is told its own entry
 * (ws2spi/nf-ws2spi-wspstartup). */
static BOOL find_next(const WSAPROTOCOL_INFOW *info, struct layer *layer, GUID *next_provider)
{
  const WSAPROTOCOLCHAIN *const chain = &info->ProtocolChain;
  int count;
  const LPWSAPROTOCOL_INFOW entries = read_catalog(&count);
  const int place = entries == NULL ? -1 : place_in_chain(entries, count, chain);
  const WSAPROTOCOL_INFOW *next = NULL;

  if (place >= 0 && place + 1 < chain->ChainLen && place + 1 < MAX_PROTOCOL_CHAIN)
    next = find_entry(entries, count, chain->ChainEntries[place + 1]);
  if (next != NULL) {
    layer->own_id = place == 0 ? info->dwCatalogEntryId : chain->ChainEntries[place];
    layer->next_info = place + 2 == chain->ChainLen ? *next : *info;
    *next_provider = next->ProviderId;
  }
  free(entries);
  return next != NULL;
}

/* --- starting the layer below -------------------------------------------------------- */

/* Only Winsock knows where the next provider lives. The path comes as it was
 * installed, with environment strings in it (ws2spi/nf-ws2spi-wpugetproviderpath). */
static HMODULE load_provider(const WSPUPCALLTABLE *upcalls, GUID *provider)
{
  WCHAR stored[MAX_PATH], path[MAX_PATH];
  int chars = MAX_PATH, error;
  DWORD expanded;

  if (upcalls->lpWPUGetProviderPath(provider, stored, &chars, &error) != 0)
    return NULL;
  expanded = ExpandEnvironmentStringsW(stored, path, MAX_PATH);
  if (expanded == 0 || expanded > MAX_PATH)
    return NULL;
  return LoadLibraryW(path);
}

static LPWSPSTARTUP startup_of(HMODULE module)
{
  const FARPROC found = GetProcAddress(module, "WSPStartup");

  return (LPWSPSTARTUP)(void (*)(void))found;
}

/* The upcall table goes down as it came: the base provider needs Winsock's own. */
static int start_next(struct layer *layer, WORD version, LPWSPDATA data)
{
  const LPWSPSTARTUP startup = startup_of(layer->next_module);

  if (startup == NULL)
    return WSASYSNOTREADY;
  return startup(version, data, &layer->next_info, layer->upcalls, &layer->next);
}

/* Of several upcall tables the latest counts (ws2spi/nf-ws2spi-wspstartup). */
static BOOL become_present(const struct layer *layer)
{
  BOOL accepted;

  AcquireSRWLockExclusive(&lock);
  accepted = starts == 0 || present.own_id == layer->own_id;
  if (accepted) {
    present = *layer;
    starts++;
  }
  ReleaseSRWLockExclusive(&lock);
  return accepted;
}

/* --- the one export ------------------------------------------------------------------- */

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                      WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  struct layer layer = {.upcalls = upcalls};
  GUID next_provider;
  int error, ignored;

  if (LOBYTE(version) < 2)
    return WSAVERNOTSUPPORTED;
  if (!find_next(info, &layer, &next_provider))
    return WSASYSNOTREADY;
  layer.next_module = load_provider(&layer.upcalls, &next_provider);
  if (layer.next_module == NULL)
    return WSASYSNOTREADY;
  error = start_next(&layer, version, data);
  if (error != 0) {
    FreeLibrary(layer.next_module);
    return error;
  }
  if (!become_present(&layer)) {
    layer.next.lpWSPCleanup(&ignored);
    FreeLibrary(layer.next_module);
    return WSAEPROCLIM;
  }
  *table = layer.next;
  replace_procedures(table);
  printf("[layer] started over %ls\n", layer.next_info.szProtocol);
  return 0;
}
