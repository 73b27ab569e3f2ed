/* A layered service provider in one file: it sits between Winsock and the base
 * provider of TCP/IP, says what passes through it and counts the bytes.
 *
 * It is an IFS provider: the sockets it gives out are the lower provider's own, so
 * it needs no handle table and replaces only the procedures it cares about. Names
 * in parentheses are pages of the Winsock documentation. */
#include <winsock2.h>
#include <ws2spi.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "layered_provider.h"

/* What one WSPStartup finds out: our place in one chain. */
struct layer {
  unsigned starts;             /* 0: a free slot */
  DWORD own_id;                /* the catalog entry through which we were reached */
  WSAPROTOCOL_INFOW info;      /* as WSPStartup was told it */
  WSAPROTOCOL_INFOW next_info; /* what the layer below wants to be told */
  WSPPROC_TABLE next;
  HMODULE next_module;
};

/* A slot for each chain that the process uses; in use it holds still. The lock guards
 * their counts and the upcall table; it is not held in calls. */
enum { MOST_LAYERS = 8 };
static struct layer layers[MOST_LAYERS];
static WSPUPCALLTABLE upcalls;
static SRWLOCK lock = SRWLOCK_INIT;

static volatile LONG64 bytes_received;

static WSPUPCALLTABLE upcalls_now(void)
{
  WSPUPCALLTABLE copy;

  AcquireSRWLockShared(&lock);
  copy = upcalls;
  ReleaseSRWLockShared(&lock);
  return copy;
}

/* To standard output, unless the environment has EXAMPLE_QUIET. */
static void say(const char *format, ...)
{
  va_list arguments;

  if (GetEnvironmentVariableW(L"EXAMPLE_QUIET", NULL, 0) != 0)
    return;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
}

/* --- the procedures we replace ------------------------------------------------- */

/* Winsock must know every new descriptor before the client sees it, and under our
 * id: otherwise calls on it would go to the layer below, past us
 * (ws2spi/nf-ws2spi-wpumodifyifshandle). */
static SOCKET register_handle(const struct layer *layer, SOCKET s, LPINT error)
{
  const WSPUPCALLTABLE now = upcalls_now();
  SOCKET registered;
  int ignored;

  if (s == INVALID_SOCKET)
    return INVALID_SOCKET;
  registered = now.lpWPUModifyIFSHandle(layer->own_id, s, error);
  if (registered == INVALID_SOCKET)
    layer->next.lpWSPCloseSocket(s, &ignored);
  return registered;
}

/* The base provider never sees a chain: it is handed its own protocol information
 * instead of ours (WinSock/layered-protocols-and-protocol-chains-2), with the fields by
 * which it knows a duplicate of its own. */
static SOCKET layer_socket(struct layer *layer, int family, int type, int protocol,
                           LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags, LPINT error)
{
  WSAPROTOCOL_INFOW next_info = layer->next_info;

  if (info != NULL) {
    next_info.dwServiceFlags2 = info->dwServiceFlags2;
    next_info.dwServiceFlags3 = info->dwServiceFlags3;
    next_info.dwServiceFlags4 = info->dwServiceFlags4;
    next_info.dwProviderReserved = info->dwProviderReserved;
    next_info.iProtocol = info->iProtocol;
  }
  return register_handle(
      layer, layer->next.lpWSPSocket(family, type, protocol, &next_info, group, flags, error),
      error);
}

/* Who makes a socket of it must come to us first, by our entry. */
static int layer_duplicate_socket(struct layer *layer, SOCKET s, DWORD process,
                                  LPWSAPROTOCOL_INFOW info, LPINT error)
{
  const int result = layer->next.lpWSPDuplicateSocket(s, process, info, error);

  if (result == 0) {
    info->ProviderId = layer->info.ProviderId;
    info->dwCatalogEntryId = layer->info.dwCatalogEntryId;
    info->ProtocolChain = layer->info.ProtocolChain;
    wcscpy(info->szProtocol, layer->info.szProtocol);
  }
  return result;
}

static SOCKET layer_accept(struct layer *layer, SOCKET s, struct sockaddr *address, LPINT length,
                           LPCONDITIONPROC condition, DWORD_PTR data, LPINT error)
{
  return register_handle(layer, layer->next.lpWSPAccept(s, address, length, condition, data, error),
                         error);
}

static int layer_connect(struct layer *layer, SOCKET s, const struct sockaddr *address, int length,
                         LPWSABUF caller_data, LPWSABUF callee_data, LPQOS sqos, LPQOS gqos,
                         LPINT error)
{
  const int result =
      layer->next.lpWSPConnect(s, address, length, caller_data, callee_data, sqos, gqos, error);

  if (result == 0)
    say("[layer] connected\n");
  return result;
}

/* A blocking call needs nothing from us: the base provider asks Winsock for the
 * blocking callback itself, and what it returns when the call was cancelled is
 * passed on. Of an overlapped call an IFS layer sees the start only: the completion
 * goes from the system to the client. */
static int layer_recv(struct layer *layer, SOCKET s, LPWSABUF buffers, DWORD count,
                      LPDWORD received, LPDWORD flags, LPWSAOVERLAPPED overlapped,
                      LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error)
{
  const int result =
      layer->next.lpWSPRecv(s, buffers, count, received, flags, overlapped, routine, thread, error);

  if (overlapped != NULL)
    return result;
  if (result == 0) {
    InterlockedExchangeAdd64(&bytes_received, *received);
    say("[layer] received %lu bytes\n", *received);
  } else {
    say("[layer] receive failed with error %d\n", *error);
  }
  return result;
}

static int layer_close_socket(struct layer *layer, SOCKET s, LPINT error)
{
  const int result = layer->next.lpWSPCloseSocket(s, error);

  if (result == 0)
    say("[layer] socket closed, %ld bytes received in total\n",
        (long)InterlockedExchangeAdd64(&bytes_received, 0));
  return result;
}

/* One cleanup for every start-up (ws2spi/nc-ws2spi-lpwspcleanup). What is below
 * counts too, starts and loads alike, so each is simply passed on. */
static int layer_cleanup(struct layer *layer, LPINT error)
{
  const HMODULE next_module = layer->next_module;
  const int result = layer->next.lpWSPCleanup(error);

  if (result != 0)
    return result;
  AcquireSRWLockExclusive(&lock);
  layer->starts--;
  ReleaseSRWLockExclusive(&lock);
  FreeLibrary(next_module);
  return 0;
}

/* --- one set of them for each slot --------------------------------------------------- */

/* A procedure is told neither its provider nor its chain. Which one is meant shows in
 * the address that was called. */
#define SLOT_PROCEDURES(n)                                                                         \
  static SOCKET WSPAPI accept_##n(SOCKET s, struct sockaddr *address, LPINT length,                \
                                  LPCONDITIONPROC condition, DWORD_PTR data, LPINT error)          \
  {                                                                                                \
    return layer_accept(&layers[n], s, address, length, condition, data, error);                   \
  }                                                                                                \
  static int WSPAPI cleanup_##n(LPINT error)                                                       \
  {                                                                                                \
    return layer_cleanup(&layers[n], error);                                                       \
  }                                                                                                \
  static int WSPAPI close_socket_##n(SOCKET s, LPINT error)                                        \
  {                                                                                                \
    return layer_close_socket(&layers[n], s, error);                                               \
  }                                                                                                \
  static int WSPAPI connect_##n(SOCKET s, const struct sockaddr *address, int length,              \
                                LPWSABUF caller_data, LPWSABUF callee_data, LPQOS sqos,            \
                                LPQOS gqos, LPINT error)                                           \
  {                                                                                                \
    return layer_connect(&layers[n], s, address, length, caller_data, callee_data, sqos, gqos,     \
                         error);                                                                   \
  }                                                                                                \
  static int WSPAPI duplicate_socket_##n(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW info,        \
                                         LPINT error)                                              \
  {                                                                                                \
    return layer_duplicate_socket(&layers[n], s, process, info, error);                            \
  }                                                                                                \
  static int WSPAPI recv_##n(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received,            \
                             LPDWORD flags, LPWSAOVERLAPPED overlapped,                            \
                             LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,     \
                             LPINT error)                                                          \
  {                                                                                                \
    return layer_recv(&layers[n], s, buffers, count, received, flags, overlapped, routine, thread, \
                      error);                                                                      \
  }                                                                                                \
  static SOCKET WSPAPI socket_##n(int family, int type, int protocol, LPWSAPROTOCOL_INFOW info,    \
                                  GROUP group, DWORD flags, LPINT error)                           \
  {                                                                                                \
    return layer_socket(&layers[n], family, type, protocol, info, group, flags, error);            \
  }

/* clang-format off */
#define FOR_EACH_SLOT(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7)
/* clang-format on */

FOR_EACH_SLOT(SLOT_PROCEDURES)

#define SLOT(n)                                                                                    \
  {accept_##n,           cleanup_##n, close_socket_##n, connect_##n,                               \
   duplicate_socket_##n, recv_##n,    socket_##n},

static const struct {
  LPWSPACCEPT accept;
  LPWSPCLEANUP cleanup;
  LPWSPCLOSESOCKET close_socket;
  LPWSPCONNECT connect;
  LPWSPDUPLICATESOCKET duplicate_socket;
  LPWSPRECV recv;
  LPWSPSOCKET socket;
} slots[] = {FOR_EACH_SLOT(SLOT)};
_Static_assert(sizeof slots / sizeof slots[0] == MOST_LAYERS, "procedures for each slot");

/* Everything else stays the lower provider's, also what a later one may add. */
static void fill_procedures(const struct layer *layer, LPWSPPROC_TABLE table)
{
  const size_t slot = (size_t)(layer - layers);

  *table = layer->next;
  table->lpWSPAccept = slots[slot].accept;
  table->lpWSPCleanup = slots[slot].cleanup;
  table->lpWSPCloseSocket = slots[slot].close_socket;
  table->lpWSPConnect = slots[slot].connect;
  table->lpWSPDuplicateSocket = slots[slot].duplicate_socket;
  table->lpWSPRecv = slots[slot].recv;
  table->lpWSPSocket = slots[slot].socket;
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
    layer->info = *info;
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
static HMODULE load_provider(GUID *provider)
{
  const WSPUPCALLTABLE now = upcalls_now();
  WCHAR stored[MAX_PATH], path[MAX_PATH];
  int chars = MAX_PATH, error;
  DWORD expanded;

  if (now.lpWPUGetProviderPath(provider, stored, &chars, &error) != 0)
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
  return startup(version, data, &layer->next_info, upcalls_now(), &layer->next);
}

/* Under the lock. The slot of the same chain, else a free one. */
static struct layer *find_slot(const struct layer *started)
{
  for (int i = 0; i < MOST_LAYERS; i++)
    if (layers[i].starts != 0 && layers[i].info.dwCatalogEntryId == started->info.dwCatalogEntryId)
      return &layers[i];
  for (int i = 0; i < MOST_LAYERS; i++)
    if (layers[i].starts == 0) {
      layers[i] = *started;
      return &layers[i];
    }
  return NULL;
}

static struct layer *take_slot(const struct layer *started)
{
  struct layer *layer;

  AcquireSRWLockExclusive(&lock);
  layer = find_slot(started);
  if (layer != NULL)
    layer->starts++;
  ReleaseSRWLockExclusive(&lock);
  return layer;
}

/* Of several upcall tables the latest counts (ws2spi/nf-ws2spi-wspstartup). */
static void keep_upcalls(const WSPUPCALLTABLE *table)
{
  AcquireSRWLockExclusive(&lock);
  upcalls = *table;
  ReleaseSRWLockExclusive(&lock);
}

/* --- the one export ------------------------------------------------------------------- */

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                      WSPUPCALLTABLE table_of_upcalls, LPWSPPROC_TABLE table)
{
  struct layer started = {0};
  struct layer *layer;
  GUID next_provider;
  int error, ignored;

  if (LOBYTE(version) < 2)
    return WSAVERNOTSUPPORTED;
  keep_upcalls(&table_of_upcalls);
  if (!find_next(info, &started, &next_provider))
    return WSASYSNOTREADY;
  started.next_module = load_provider(&next_provider);
  if (started.next_module == NULL)
    return WSASYSNOTREADY;
  error = start_next(&started, version, data);
  if (error != 0) {
    FreeLibrary(started.next_module);
    return error;
  }
  layer = take_slot(&started);
  if (layer == NULL) {
    started.next.lpWSPCleanup(&ignored);
    FreeLibrary(started.next_module);
    return WSAEPROCLIM;
  }
  fill_procedures(layer, table);
  say("[layer] started over %ls\n", layer->next_info.szProtocol);
  return 0;
}
