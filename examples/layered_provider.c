/* A layered service provider in one file. It is installed between Winsock and the base provider of
 * TCP/IP, prints what passes through it, and counts the bytes.
 *
 * It is an IFS provider: its sockets are those of the layer below, so it needs no handle table and
 * replaces only a few procedures. Names in parentheses are pages of the Winsock documentation. */
#include <winsock2.h>
#include <ws2spi.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layered_provider.h"

/* The layer's position in one protocol chain, as WSPStartup finds it. */
struct layer {
  unsigned starts;             /* 0: the slot is free */
  DWORD own_id;                /* the catalog entry by which this layer is reached */
  WSAPROTOCOL_INFOW info;      /* lpProtocolInfo of WSPStartup */
  WSAPROTOCOL_INFOW next_info; /* the protocol information for the layer below */
  WSPPROC_TABLE next;
  HMODULE next_module;
};

/* One slot for each chain that the process uses. A slot does not change while it is in use. The
 * lock guards the counts and the upcall table; it is not held in calls. */
enum { MOST_LAYERS = 8 };
static struct layer layers[MOST_LAYERS];
static WSPUPCALLTABLE upcalls;
static SRWLOCK lock = SRWLOCK_INIT;

static volatile LONG64 bytes_received;

static WSPUPCALLTABLE current_upcalls(void)
{
  WSPUPCALLTABLE copy;

  AcquireSRWLockShared(&lock);
  copy = upcalls;
  ReleaseSRWLockShared(&lock);
  return copy;
}

/* Prints to standard output, unless EXAMPLE_QUIET is set in the environment. */
static void say(const char *format, ...)
{
  va_list arguments;

  if (GetEnvironmentVariableW(L"EXAMPLE_QUIET", NULL, 0) != 0)
    return;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
}

/* --- the replaced procedures ---------------------------------------------------------- */

/* Winsock must know every new descriptor, with this layer's catalog id, before the client sees it.
 * Otherwise calls on it would go directly to the layer below
 * (ws2spi/nf-ws2spi-wpumodifyifshandle). */
static SOCKET register_handle(const struct layer *layer, SOCKET s, LPINT error)
{
  const WSPUPCALLTABLE now = current_upcalls();
  SOCKET registered;
  int ignored;

  if (s == INVALID_SOCKET)
    return INVALID_SOCKET;
  registered = now.lpWPUModifyIFSHandle(layer->own_id, s, error);
  if (registered == INVALID_SOCKET)
    layer->next.lpWSPCloseSocket(s, &ignored);
  return registered;
}

/* The base provider must not see a chain. It gets its own protocol information instead of this
 * layer's (WinSock/layered-protocols-and-protocol-chains-2), with the fields that hold a duplicated
 * socket. */
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

/* Makes protocol information of the layer below name the chain of this layer. */
static void describe_chain(const struct layer *layer, LPWSAPROTOCOL_INFOW info)
{
  info->dwServiceFlags1 = layer->info.dwServiceFlags1;
  info->dwProviderFlags = layer->info.dwProviderFlags;
  info->ProviderId = layer->info.ProviderId;
  info->dwCatalogEntryId = layer->info.dwCatalogEntryId;
  info->ProtocolChain = layer->info.ProtocolChain;
  wcscpy(info->szProtocol, layer->info.szProtocol);
}

/* The information names this layer's chain, so that the other process makes its socket through this
 * layer too. */
static int layer_duplicate_socket(struct layer *layer, SOCKET s, DWORD process,
                                  LPWSAPROTOCOL_INFOW info, LPINT error)
{
  const int result = layer->next.lpWSPDuplicateSocket(s, process, info, error);

  if (result == 0)
    describe_chain(layer, info);
  return result;
}

/* The socket's protocol is the chain, not the base provider's entry. */
static int layer_get_sock_opt(struct layer *layer, SOCKET s, int level, int option, char *value,
                              LPINT length, LPINT error)
{
  const int result = layer->next.lpWSPGetSockOpt(s, level, option, value, length, error);
  WSAPROTOCOL_INFOW info;

  if (result == 0 && level == SOL_SOCKET && option == SO_PROTOCOL_INFOW) {
    memcpy(&info, value, sizeof info);
    describe_chain(layer, &info);
    memcpy(value, &info, sizeof info);
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

/* A layer does nothing special for a blocking call: the base provider queries the blocking callback
 * itself, and the error of a cancelled call is passed on. An IFS layer sees only the start of an
 * overlapped call; the system notifies the client of the completion. */
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

/* Each WSPStartup needs one WSPCleanup (ws2spi/nc-ws2spi-lpwspcleanup). The layer below counts its
 * own starts, and Windows counts the loads of its DLL, so each cleanup is passed on. */
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

/* --- a set of procedures for each slot ------------------------------------------------ */

/* No argument of a procedure says which chain is meant. So each slot has procedures of its own,
 * which know their slot. */
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
  static int WSPAPI get_sock_opt_##n(SOCKET s, int level, int option, char *value, LPINT length,   \
                                     LPINT error)                                                  \
  {                                                                                                \
    return layer_get_sock_opt(&layers[n], s, level, option, value, length, error);                 \
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
  {accept_##n,           cleanup_##n,      close_socket_##n, connect_##n,                          \
   duplicate_socket_##n, get_sock_opt_##n, recv_##n,         socket_##n},

static const struct {
  LPWSPACCEPT accept;
  LPWSPCLEANUP cleanup;
  LPWSPCLOSESOCKET close_socket;
  LPWSPCONNECT connect;
  LPWSPDUPLICATESOCKET duplicate_socket;
  LPWSPGETSOCKOPT get_sock_opt;
  LPWSPRECV recv;
  LPWSPSOCKET socket;
} slots[] = {FOR_EACH_SLOT(SLOT)};
_Static_assert(sizeof slots / sizeof slots[0] == MOST_LAYERS, "procedures for each slot");

/* All other procedures are those of the layer below. */
static void fill_procedures(const struct layer *layer, LPWSPPROC_TABLE table)
{
  const size_t slot = (size_t)(layer - layers);

  *table = layer->next;
  table->lpWSPAccept = slots[slot].accept;
  table->lpWSPCleanup = slots[slot].cleanup;
  table->lpWSPCloseSocket = slots[slot].close_socket;
  table->lpWSPConnect = slots[slot].connect;
  table->lpWSPDuplicateSocket = slots[slot].duplicate_socket;
  table->lpWSPGetSockOpt = slots[slot].get_sock_opt;
  table->lpWSPRecv = slots[slot].recv;
  table->lpWSPSocket = slots[slot].socket;
}

/* --- the position in the chain -------------------------------------------------------- */

/* All catalog entries, hidden ones too (ws2spi/nf-ws2spi-wscenumprotocols). The caller frees them.
 * The buffer grows until they fit, because another process may add entries between two calls. */
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

/* This layer's entries are the hidden entry with its provider id and every chain that begins with
 * that. A layer above may name either in its own chain. */
static BOOL is_own_entry(const WSAPROTOCOL_INFOW *entries, int count, DWORD id)
{
  const WSAPROTOCOL_INFOW *entry = find_entry(entries, count, id);

  if (entry != NULL && entry->ProtocolChain.ChainLen > 1)
    entry = find_entry(entries, count, entry->ProtocolChain.ChainEntries[0]);
  return entry != NULL && IsEqualGUID(&entry->ProviderId, &layered_provider_id);
}

/* This layer's index in the chain, or -1. */
static int place_in_chain(const WSAPROTOCOL_INFOW *entries, int count,
                          const WSAPROTOCOLCHAIN *chain)
{
  for (int i = 0; i < chain->ChainLen && i < MAX_PROTOCOL_CHAIN; i++)
    if (is_own_entry(entries, count, chain->ChainEntries[i]))
      return i;
  return -1;
}

/* Another layer below gets the information of the chain unchanged, and finds its own position in
 * it. The base provider, which is last in the chain, gets its own entry
 * (ws2spi/nf-ws2spi-wspstartup). */
static BOOL find_layer_below(const WSAPROTOCOL_INFOW *info, struct layer *layer,
                             GUID *next_provider)
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

/* --- starting the layer below --------------------------------------------------------- */

/* Winsock has the path of the next provider. It is returned as it was installed, with environment
 * strings not expanded (ws2spi/nf-ws2spi-wpugetproviderpath). */
static HMODULE load_provider(GUID *provider)
{
  const WSPUPCALLTABLE now = current_upcalls();
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

/* The upcall table is passed on unchanged: the base provider needs Winsock's own. */
static int start_next(struct layer *layer, WORD version, LPWSPDATA data)
{
  const LPWSPSTARTUP startup = startup_of(layer->next_module);

  if (startup == NULL)
    return WSASYSNOTREADY;
  return startup(version, data, &layer->next_info, current_upcalls(), &layer->next);
}

/* Called under the lock. Returns the slot of the same chain, or else a free one. */
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

/* Only the upcall table of the latest WSPStartup may be used (ws2spi/nf-ws2spi-wspstartup). */
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
  if (!find_layer_below(info, &started, &next_provider))
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
