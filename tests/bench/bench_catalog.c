/* Cost of the catalog functions per entry, for small and large catalogs, in memory and in the
 * registry. Each cost is given in nanoseconds and as a ratio to a floor of the same run: in memory,
 * entries allocated, copied and freed; in the registry, a key created, an entry's bytes written
 * into it and the key deleted. A ratio that grows with the catalog shows a cost that is not linear.
 * The registry's catalogs are reset.
 *
 * usage: bench_catalog [entries ...]      (default: 100 1000 10000) */
#include <ws2spi_shim.h>

#include <stdio.h>
#include <stdlib.h>

enum { WORD_BITS = 8 * sizeof(void *), PACKED_ITEM = 888, LOOK_UPS = 100000 };

static void give_up(const char *what, int error)
{
  printf("bench_catalog: %s failed with error %d\n", what, error);
  exit(EXIT_FAILURE);
}

static void *get_memory(size_t size)
{
  void *const memory = malloc(size);

  if (memory == NULL)
    give_up("malloc", WSA_NOT_ENOUGH_MEMORY);
  return memory;
}

static double now(void)
{
  LARGE_INTEGER count, frequency;

  QueryPerformanceCounter(&count);
  QueryPerformanceFrequency(&frequency);
  return (double)count.QuadPart * 1e9 / (double)frequency.QuadPart;
}

/* --- the floors -------------------------------------------------------------------------- */

/* All exist at the same time, as in a catalog. */
static void touch_memory(DWORD count)
{
  static const WS2SPI_CATALOG_ENTRY entry;
  WS2SPI_CATALOG_ENTRY **const copies = get_memory(count * sizeof *copies);

  for (DWORD i = 0; i < count; i++) {
    copies[i] = get_memory(sizeof entry);
    memcpy(copies[i], &entry, sizeof entry);
  }
  for (DWORD i = 0; i < count; i++)
    free(copies[i]);
  free(copies);
}

static void touch_registry(DWORD count)
{
  static const BYTE item[PACKED_ITEM];
  static const WCHAR root[] = L"Software\\ws2spi benchmark";
  HKEY key;
  LONG error = ERROR_SUCCESS;

  for (DWORD i = 0; error == ERROR_SUCCESS && i < count; i++) {
    error = RegCreateKeyExW(HKEY_CURRENT_USER, root, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL);
    if (error == ERROR_SUCCESS) {
      error = RegSetValueExW(key, L"PackedCatalogItem", 0, REG_BINARY, item, sizeof item);
      RegCloseKey(key);
      RegDeleteKeyW(HKEY_CURRENT_USER, root);
    }
  }
  if (error != ERROR_SUCCESS)
    give_up("writing to the registry", error);
}

/* --- what is measured ------------------------------------------------------------------------ */

static WSAPROTOCOL_INFOW plausible_entry(void)
{
  WSAPROTOCOL_INFOW info = {.iVersion = 2, .iAddressFamily = 40, .iSocketType = SOCK_STREAM};

  info.ProtocolChain.ChainLen = BASE_PROTOCOL;
  return info;
}

static GUID numbered_guid(DWORD number)
{
  GUID guid = {.Data1 = number * 2654435761U, .Data2 = 0x5049, .Data3 = 0x4321};

  return guid;
}

static void install_one_by_one(DWORD count)
{
  WSAPROTOCOL_INFOW info = plausible_entry();
  int error;

  for (DWORD i = 1; i <= count; i++) {
    GUID guid = numbered_guid(i);

    if (WSCInstallProvider(&guid, L"C:\\bench.dll", &info, 1, &error) != 0)
      give_up("WSCInstallProvider", error);
  }
}

static void install_at_once(DWORD count)
{
  WSAPROTOCOL_INFOW *const infos = get_memory(count * sizeof *infos);
  GUID guid = numbered_guid(0);
  int error;

  for (DWORD i = 0; i < count; i++) {
    infos[i] = plausible_entry();
    infos[i].iProtocol = (int)i;
  }
  if (WSCInstallProvider(&guid, L"C:\\bench.dll", infos, count, &error) != 0)
    give_up("WSCInstallProvider", error);
  free(infos);
}

/* A layer, and a chain of it over each entry; the entries all have different protocols. */
static void install_chains(void)
{
  static WCHAR path[] = L"C:\\bench.dll";
  static WCHAR name[] = L"bench";
  GUID guid = {.Data1 = 1, .Data2 = 0x5049};
  int error;

#ifdef _WIN64
  if (WSCInstallProviderAndChains64_32(&guid, path, path, name, 0, NULL, 0, NULL, &error) != 0)
#else
  if (WSCInstallProviderAndChains(&guid, path, name, 0, NULL, 0, NULL, &error) != 0)
#endif
    give_up("WSCInstallProviderAndChains", error);
}

/* All entries, for the caller to free. */
static WSAPROTOCOL_INFOW *read_all(int *count)
{
  WSAPROTOCOL_INFOW *infos = NULL;
  DWORD bytes = 0;
  int error;

  while ((*count = WSCEnumProtocols(NULL, infos, &bytes, &error)) == SOCKET_ERROR) {
    free(infos);
    if (error != WSAENOBUFS)
      give_up("WSCEnumProtocols", error);
    infos = get_memory(bytes);
  }
  return infos;
}

static void enumerate(DWORD expected)
{
  int count;

  free(read_all(&count));
  if ((DWORD)count < expected)
    give_up("enumerating all entries", count);
}

static DWORD *read_ids(DWORD *count)
{
  int entries;
  WSAPROTOCOL_INFOW *const infos = read_all(&entries);
  DWORD *const ids = get_memory((size_t)entries * sizeof *ids);

  for (int i = 0; i < entries; i++)
    ids[i] = infos[i].dwCatalogEntryId;
  free(infos);
  *count = (DWORD)entries;
  return ids;
}

/* Reverses the order, and then again. */
static void order(DWORD *ids, DWORD count)
{
  int error;

  for (DWORD i = 0; i < count / 2; i++) {
    const DWORD id = ids[i];

    ids[i] = ids[count - 1 - i];
    ids[count - 1 - i] = id;
  }
  error = WSCWriteProviderOrder(ids, count);
  if (error != 0)
    give_up("WSCWriteProviderOrder", error);
}

/* In an order that defeats a cache of the last few entries. */
static void look_up(const DWORD *ids, DWORD count)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  DWORD at = 0;
  int error;

  for (DWORD i = 0; i < LOOK_UPS; i++) {
    at = (at + 7919) % count;
    if (WPUQueryBlockingCallback(ids[at], &callback, &context, &error) != 0)
      give_up("WPUQueryBlockingCallback", error);
  }
}

/* --- the report --------------------------------------------------------------------------------- */

struct store {
  const char *name;
  DWORD constant; /* WS2SPI_CATALOG_ */
  void (*touch)(DWORD count);
};

struct run {
  const struct store *store;
  DWORD entries;
  double floor_cost; /* ns per entry; 0 until the floor is measured, which comes first */
  double begun;
};

static void begin(struct run *run)
{
  run->begun = now();
}

static void report(struct run *run, const char *what, DWORD count)
{
  const double cost = (now() - run->begun) / count;

  if (run->floor_cost == 0)
    run->floor_cost = cost;
  printf("%-8s %7lu  %-44s %12.1f %9.3f\n", run->store->name, run->entries, what, cost,
         cost / run->floor_cost);
}

static void reset(void)
{
  int error;

  if (Ws2SpiResetCatalog(WS2SPI_WIDTH_BOTH, &error) != 0)
    give_up("Ws2SpiResetCatalog", error);
}

/* The base entries exist beside the installed ones. Where a call visits all entries, they count
 * too. */
static void measure(struct run *run)
{
  DWORD count;
  DWORD *ids;

  reset();
  begin(run);
  run->store->touch(run->entries);
  report(run, "the floor", run->entries);
  begin(run);
  install_one_by_one(run->entries);
  report(run, "WSCInstallProvider, one by one", run->entries);
  reset();
  begin(run);
  install_at_once(run->entries);
  report(run, "WSCInstallProvider, all at once", run->entries);
  begin(run);
  enumerate(run->entries);
  report(run, "WSCEnumProtocols, size and content", run->entries);
  ids = read_ids(&count);
  begin(run);
  look_up(ids, count);
  report(run, "WPUQueryBlockingCallback, look-up by id", LOOK_UPS);
  begin(run);
  order(ids, count);
  report(run, "WSCWriteProviderOrder, back to front", count);
  free(ids);
  begin(run);
  reset();
  report(run, "Ws2SpiResetCatalog", count);
  install_at_once(run->entries);
  begin(run);
  install_chains();
  report(run, "WSCInstallProviderAndChains, over all", count);
  reset();
}

int main(int argc, char **argv)
{
  static const struct store stores[] = {{"memory", WS2SPI_CATALOG_MEMORY, touch_memory},
                                        {"registry", WS2SPI_CATALOG_REGISTRY, touch_registry}};
  static const char *const usual[] = {"100", "1000", "10000"};
  const int sizes = argc > 1 ? argc - 1 : (int)(sizeof usual / sizeof usual[0]);
  int error;

  printf("%d-bit; one run for each size\n", WORD_BITS);
  printf("%-8s %7s  %-44s %12s %9s\n", "store", "entries", "call", "ns per entry", "ratio");
  for (size_t i = 0; i < sizeof stores / sizeof stores[0]; i++) {
    if (Ws2SpiOpenCatalog(stores[i].constant, &error) != 0)
      give_up("Ws2SpiOpenCatalog", error);
    for (int size = 0; size < sizes; size++) {
      struct run run = {.store = &stores[i]};

      run.entries = strtoul(argc > 1 ? argv[size + 1] : usual[size], NULL, 10);
      if (run.entries == 0)
        give_up("reading a number of entries", 0);
      measure(&run);
    }
  }
  return EXIT_SUCCESS;
}
