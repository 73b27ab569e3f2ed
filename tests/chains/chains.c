#include "chains/chains.h"

#include <mswsock.h>
#include <wchar.h>

#define IFS    L"layered_provider.dll"
#define NONIFS L"nonifs_provider.dll"
#define COPY   L"nonifs_copy.dll"

static const struct chain kinds[] = {
    {.name = "the base provider"},
    {.name = "IFS over base", .layers = {IFS}},
    {.name = "non-IFS over base", .own_handles = TRUE, .layers = {NONIFS}},
    {.name = "non-IFS over IFS", .own_handles = TRUE, .layers = {NONIFS, IFS}},
    {.name = "non-IFS over itself", .own_handles = TRUE, .layers = {NONIFS, NONIFS}},
    {.name = "non-IFS over its copy",
     .own_handles = TRUE,
     .over_chain = TRUE,
     .layers = {NONIFS, COPY}},
};
enum { MOST_LAYERS = 2 };
_Static_assert(sizeof kinds / sizeof kinds[0] == CHAINS, "as the header says");

struct chain chain;
static int turn;

/* The ProviderId by which the IFS example finds itself in the catalog; the others use their path.
 * */
static const GUID ifs_layer = {
    0x5b7c1f3e, 0x0c8a, 0x4d52, {0x9e, 0x61, 0x2f, 0x84, 0xd0, 0x17, 0xa3, 0xc6}};

enum { TCP_CHAIN = 16, UDP_CHAIN, LOWER = 2 };

/* Ids that no other provider has. */
static GUID id_number(int number)
{
  GUID id = {0x7e57c4a1, 0, 0x4d52, {0x9e, 0x61}};

  id.Data2 = (unsigned short)number;
  return id;
}

static GUID layer_id(int layer)
{
  return wcscmp(chain.layers[layer], IFS) == 0 ? ifs_layer : id_number(layer);
}

/* --- the catalog ---------------------------------------------------------------------- */

static BOOL find(const GUID *provider, DWORD id, WSAPROTOCOL_INFOW *found)
{
  static WSAPROTOCOL_INFOW entries[64];
  DWORD bytes = sizeof entries;
  int error;
  const int count = WSCEnumProtocols(NULL, entries, &bytes, &error);

  for (int i = 0; i < count; i++)
    if (provider == NULL ? entries[i].dwCatalogEntryId == id
                         : IsEqualGUID(&entries[i].ProviderId, provider)) {
      *found = entries[i];
      return TRUE;
    }
  return FALSE;
}

WSAPROTOCOL_INFOW entry_info(DWORD id)
{
  WSAPROTOCOL_INFOW info = {0};

  assert_true(find(NULL, id, &info));
  return info;
}

static const WCHAR *path_of(const WCHAR *file)
{
  static WCHAR path[MAX_PATH];

  GetModuleFileNameW(NULL, path, MAX_PATH);
  wcscpy(wcsrchr(path, L'\\') + 1, file);
  return path;
}

static DWORD install(GUID id, int layer, WSAPROTOCOL_INFOW *entry)
{
  WSAPROTOCOL_INFOW installed = {0};
  int error = UNTOUCHED;

  if (wcscmp(chain.layers[layer], IFS) != 0)
    entry->dwServiceFlags1 &= ~(DWORD)XP1_IFS_HANDLES;
  entry->ProviderId = id;
  assert_int_equal(WSCInstallProvider(&id, path_of(chain.layers[layer]), entry, 1, &error), 0);
  assert_true(find(&id, 0, &installed));
  return installed.dwCatalogEntryId;
}

static DWORD install_hidden(int layer)
{
  WSAPROTOCOL_INFOW entry = entry_info(TCP_ENTRY);

  entry.iSocketType = 0;
  entry.iProtocol = 0;
  entry.dwProviderFlags = PFL_HIDDEN;
  entry.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  wcscpy(entry.szProtocol, L"test layer");
  return install(layer_id(layer), layer, &entry);
}

/* A chain has the path of its first layer. */
static DWORD install_chain(int number, int layer, const DWORD parts[], int count)
{
  WSAPROTOCOL_INFOW entry = entry_info(parts[count - 1]);

  entry.ProtocolChain.ChainLen = count;
  for (int i = 0; i < count; i++)
    entry.ProtocolChain.ChainEntries[i] = parts[i];
  wcscpy(entry.szProtocol, L"test chain");
  return install(id_number(number), layer, &entry);
}

static int layer_count(void)
{
  int count = 0;

  while (count < MOST_LAYERS && chain.layers[count] != NULL)
    count++;
  return count;
}

/* Installs a chain over the layers. With over_chain, the lower layer has a chain of its own over
 * the base, which the upper chain names. */
static DWORD install_layers(int number, const DWORD hidden[MOST_LAYERS], int layers,
                            DWORD base_entry)
{
  DWORD parts[MOST_LAYERS + 1] = {hidden[0], hidden[1]};

  parts[layers] = base_entry;
  if (chain.over_chain)
    parts[1] = install_chain(number + LOWER, 1, parts + 1, 2);
  return install_chain(number, 0, parts, layers + 1);
}

static void install_all(void)
{
  DWORD hidden[MOST_LAYERS] = {0, 0};
  const int layers = layer_count();

  chain.tcp_entry = TCP_ENTRY;
  chain.udp_entry = UDP_ENTRY;
  if (layers == 0)
    return;
  for (int i = 0; i < layers; i++)
    hidden[i] = install_hidden(i);
  chain.tcp_entry = install_layers(TCP_CHAIN, hidden, layers, TCP_ENTRY);
  chain.udp_entry = install_layers(UDP_CHAIN, hidden, layers, UDP_ENTRY);
}

static void deinstall(GUID id)
{
  int error = UNTOUCHED;

  assert_int_equal(WSCDeinstallProvider(&id, &error), 0);
}

static void deinstall_all(void)
{
  const int layers = layer_count();

  if (layers == 0)
    return;
  deinstall(id_number(UDP_CHAIN));
  deinstall(id_number(TCP_CHAIN));
  if (chain.over_chain) {
    deinstall(id_number(UDP_CHAIN + LOWER));
    deinstall(id_number(TCP_CHAIN + LOWER));
  }
  for (int i = 0; i < layers; i++)
    deinstall(layer_id(i));
}

/* --- fixtures ------------------------------------------------------------------------- */

void begin_chain(int number)
{
  int error = UNTOUCHED;

  SetEnvironmentVariableW(L"EXAMPLE_QUIET", L"1");
  chain = kinds[number];
  install_all();
  assert_int_equal(Ws2SpiStartProvider(chain.tcp_entry, &chain.tcp, &error), 0);
  assert_int_equal(Ws2SpiStartProvider(chain.udp_entry, &chain.udp, &error), 0);
  use_tcp();
}

void end_chain(void)
{
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiStopProvider(chain.udp_entry, &error), 0);
  assert_int_equal(Ws2SpiStopProvider(chain.tcp_entry, &error), 0);
  deinstall_all();
}

static int start_chain(void **state)
{
  begin_chain(turn);
  return 0;
}

static int stop_chain(void **state)
{
  end_chain();
  return 0;
}

static int begin_test(void **state)
{
  use_tcp();
  return 0;
}

int run_through_chains(const struct CMUnitTest *tests, size_t count)
{
  struct CMUnitTest *const prepared = calloc(count, sizeof *prepared);
  int failed = 0;

  for (size_t i = 0; i < count; i++) {
    prepared[i] = tests[i];
    prepared[i].setup_func = begin_test;
  }
  for (turn = 0; turn < CHAINS; turn++)
    failed += _cmocka_run_group_tests(kinds[turn].name, prepared, count, start_chain, stop_chain);
  free(prepared);
  return failed;
}

void use_tcp(void)
{
  base = chain.tcp;
}

void use_udp(void)
{
  base = chain.udp;
}

/* --- sockets -------------------------------------------------------------------------- */

SOCKET system_handle(SOCKET s)
{
  SOCKET handle = INVALID_SOCKET;
  DWORD returned;
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPIoctl(s, SIO_BASE_HANDLE, NULL, 0, &handle, sizeof handle, &returned,
                                   NULL, NULL, NULL, &error),
                   0);
  return handle;
}

void send_past_the_chain(void *system_socket)
{
  send(*(SOCKET *)system_socket, "x", 1, 0);
}

SOCKET new_datagram(struct sockaddr_in *address)
{
  SOCKADDR_STORAGE storage;
  int length;
  const SOCKET s = new_bound(AF_INET, SOCK_DGRAM, &storage, &length);

  memcpy(address, &storage, sizeof *address);
  return s;
}
