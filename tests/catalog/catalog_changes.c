#include "support/cmocka_headers.h"

#include "catalog_changes.h"
#include "catalog_view.h"
#include "support/fake_provider.h"

#include <stdlib.h>

/* numbered_guid of each. FIRST has two entries and categories, SECOND one in both widths, the
 * LOCAL ones are chains over the registered provider. */
enum { FIRST = 1, SECOND, LOCAL, LOCAL_TOO, NEW, CATEGORIES = LSP_SYSTEM | LSP_FIREWALL };

static WCHAR PATH[] = L"%SystemRoot%\\system32\\layer.dll";
static DWORD registered;
static unsigned long long initial_content;

/* --- calls ---------------------------------------------------------------------------- */

static void make_info(WSAPROTOCOL_INFOW *info, int protocol)
{
  fake_provider_info(info);
  info->iProtocol = protocol;
}

static int install_in(DWORD widths, unsigned number, DWORD count)
{
  GUID guid = numbered_guid(number);
  WSAPROTOCOL_INFOW infos[2];
  int error = 0;

  for (int i = 0; i < 2; i++)
    make_info(&infos[i], 100 + i);
  return Ws2SpiInstallProvider(widths, &guid, PATH, infos, count, NULL, &error) == 0 ? 0 : error;
}

static int install(void)
{
  return install_in(WS2SPI_WIDTH_NATIVE, NEW, 2);
}

static int install_in_both(void)
{
  return install_in(WS2SPI_WIDTH_BOTH, NEW, 2);
}

static int install_local(unsigned number)
{
  GUID guid = numbered_guid(number);
  WSAPROTOCOL_INFOW info;
  int error = 0;

  make_info(&info, 200);
  info.ProtocolChain.ChainLen = 2;
  info.ProtocolChain.ChainEntries[0] = registered;
  info.ProtocolChain.ChainEntries[1] = 1001;
  return WSCInstallProvider(&guid, PATH, &info, 1, &error) == 0 ? 0 : error;
}

static int install_new_local(void)
{
  return install_local(NEW);
}

static int install_chains_over(LPWSAPROTOCOL_INFOW list, DWORD count)
{
  GUID guid = numbered_guid(NEW);
  WCHAR name[] = L"Layer";
  DWORD id;
  int error = 0;

#ifdef _WIN64
  return WSCInstallProviderAndChains64_32(&guid, PATH, NULL, name, 0, list, count, &id, &error) == 0
             ? 0
             : error;
#else
  return WSCInstallProviderAndChains(&guid, PATH, name, 0, (LPWSAPROTOCOL_INFO)list, count, &id,
                                     &error) == 0
             ? 0
             : error;
#endif
}

static int install_chains_over_all(void)
{
  return install_chains_over(NULL, 0);
}

static int install_chains_over_one(void)
{
  WSAPROTOCOL_INFOW list[2];

  for (int i = 0; i < 2; i++) {
    make_info(&list[i], IPPROTO_TCP);
    list[i].iAddressFamily = AF_INET;
    list[i].iSocketType = SOCK_STREAM;
  }
  return install_chains_over(list, 2);
}

/* An update selects entries by their ids. */
static int update(void)
{
  static const WCHAR path[] = L"%SystemRoot%\\system32\\other.dll";
  GUID guid = numbered_guid(FIRST);
  struct catalog_view view = catalog_view_take();
  WSAPROTOCOL_INFOW infos[2];
  DWORD count = 0;
  int error = WSA_NOT_ENOUGH_MEMORY;

  for (int i = 0; i < view.count && count < 2; i++)
    if (IsEqualGUID(&view.info[i].ProviderId, &guid))
      infos[count++] = view.info[i];
  if (view.count != -1 && WSCUpdateProvider(&guid, path, infos, count, &error) == 0)
    error = 0;
  catalog_view_free(&view);
  return error;
}

static int deinstall_in(DWORD widths, unsigned number)
{
  GUID guid = numbered_guid(number);
  int error = 0;

  return Ws2SpiDeinstallProvider(widths, &guid, &error) == 0 ? 0 : error;
}

static int deinstall_first(void)
{
  return deinstall_in(WS2SPI_WIDTH_NATIVE, FIRST);
}

static int deinstall_second(void)
{
  return deinstall_in(WS2SPI_WIDTH_BOTH, SECOND);
}

int changes_remove_local(void)
{
  return deinstall_in(WS2SPI_WIDTH_NATIVE, LOCAL);
}

/* Reverses the whole order, the process-local entries included. */
static int reverse_order(void)
{
  struct catalog_view view = catalog_view_take();
  DWORD ids[32];
  int count = 0, error = WSA_NOT_ENOUGH_MEMORY;

  for (int i = view.count - 1; i >= 0; i--)
    if (view.info[i].dwCatalogEntryId != registered)
      ids[count++] = view.info[i].dwCatalogEntryId;
  if (count > 0) {
    ids[count++] = registered;
    error = WSCWriteProviderOrder(ids, (DWORD)count);
  }
  catalog_view_free(&view);
  return error;
}

static int set_info(unsigned number, DWORD categories)
{
  GUID guid = numbered_guid(number);
  int error = 0;

  return WSCSetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, sizeof categories,
                            0, &error) == 0
             ? 0
             : error;
}

static int set_categories(void)
{
  return set_info(SECOND, LSP_CRYPTO_COMPRESS);
}

static int remove_categories(void)
{
  return set_info(FIRST, 0);
}

static int repair(void)
{
  int error = 0;

  return Ws2SpiRepairCatalog(WS2SPI_WIDTH_BOTH, &error) == 0 ? 0 : error;
}

static int reset(void)
{
  int error = 0;

  return Ws2SpiResetCatalog(WS2SPI_WIDTH_BOTH, &error) == 0 ? 0 : error;
}

static int register_and_unregister(void)
{
  WSAPROTOCOL_INFOW info;
  DWORD id;
  int error = 0, ignored;

  make_info(&info, 300);
  info.ProviderId = numbered_guid(NEW);
  if (Ws2SpiRegisterProvider(&info, fake_provider_startup, &id, &error) == 0)
    assert_int_equal(Ws2SpiUnregisterProvider(id, &ignored), 0);
  return error;
}

const char CHANGES_REMOVE_LOCAL[] = "deinstall a process-local provider";
const char CHANGES_ORDER[] = "order";

const struct catalog_call CATALOG_CHANGES[] = {
    {"install", install, WSA_NOT_ENOUGH_MEMORY},
    {"install in both widths", install_in_both, WSA_NOT_ENOUGH_MEMORY},
    {"install over a registered provider", install_new_local, WSA_NOT_ENOUGH_MEMORY},
    {"install chains over all", install_chains_over_all, WSAENOBUFS},
    {"install chains over one", install_chains_over_one, WSAENOBUFS},
    {"update", update, WSA_NOT_ENOUGH_MEMORY},
    {"deinstall", deinstall_first, WSA_NOT_ENOUGH_MEMORY},
    {"deinstall in both widths", deinstall_second, WSA_NOT_ENOUGH_MEMORY},
    {CHANGES_REMOVE_LOCAL, changes_remove_local, WSA_NOT_ENOUGH_MEMORY},
    {CHANGES_ORDER, reverse_order, WSA_NOT_ENOUGH_MEMORY},
    {"set categories", set_categories, WSA_NOT_ENOUGH_MEMORY},
    {"remove categories", remove_categories, WSA_NOT_ENOUGH_MEMORY},
    {"repair", repair, WSA_NOT_ENOUGH_MEMORY},
    {"reset", reset, WSA_NOT_ENOUGH_MEMORY},
    {"register and unregister", register_and_unregister, WSA_NOT_ENOUGH_MEMORY},
};
const size_t CATALOG_CHANGE_COUNT = sizeof CATALOG_CHANGES / sizeof CATALOG_CHANGES[0];

/* --- queries ------------------------------------------------------------------------------ */

static int enumerate(void)
{
  WSAPROTOCOL_INFOW infos[32];
  DWORD bytes = sizeof infos;
  int error = 0;

  return WSCEnumProtocols(NULL, infos, &bytes, &error) == SOCKET_ERROR ? error : 0;
}

static int enumerate_stored(void)
{
  WS2SPI_CATALOG_ENTRY entries[16];
  DWORD bytes = sizeof entries;
  int error = 0;

  entries->dwSize = sizeof *entries;
  return Ws2SpiEnumCatalog(WS2SPI_WIDTH_32, entries, &bytes, &error) == SOCKET_ERROR ? error : 0;
}

static int get_path(void)
{
  GUID guid = numbered_guid(FIRST);
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH, error = 0;

  return WSCGetProviderPath(&guid, path, &chars, &error) == 0 ? 0 : error;
}

static int get_info(void)
{
  GUID guid = numbered_guid(FIRST);
  DWORD categories;
  size_t size = sizeof categories;
  int error = 0;

  return WSCGetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, &size, 0,
                            &error) == 0
             ? 0
             : error;
}

static int select_protocol(void)
{
  WSAPROTOCOL_INFOW info;
  int error = 0;

  return Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, 250, &info, &error) == 0
             ? 0
             : error;
}

const struct catalog_call CATALOG_QUERIES[] = {
    {"enumerate", enumerate, WSAENOBUFS},
    {"enumerate stored entries", enumerate_stored, WSA_NOT_ENOUGH_MEMORY},
    {"get a path", get_path, WSAENOBUFS},
    {"get categories", get_info, WSAENOBUFS},
    {"select a protocol", select_protocol, WSAENOBUFS},
};
const size_t CATALOG_QUERY_COUNT = sizeof CATALOG_QUERIES / sizeof CATALOG_QUERIES[0];

/* --- the initial catalog ------------------------------------------------------------------ */

enum { MOST_ENTRIES = 32 };

static void mix(unsigned long long *hash, const void *bytes, size_t size)
{
  for (size_t i = 0; i < size; i++)
    *hash = (*hash ^ ((const unsigned char *)bytes)[i]) * 1099511628211u;
}

static BOOL is_numbered_guid(const GUID *guid)
{
  for (unsigned number = FIRST; number <= NEW; number++) {
    const GUID known = numbered_guid(number);

    if (IsEqualGUID(guid, &known))
      return TRUE;
  }
  return FALSE;
}

static DWORD position_of(DWORD id, const WSAPROTOCOL_INFOW *infos, int count)
{
  for (int i = 0; i < count; i++)
    if (infos[i].dwCatalogEntryId == id)
      return (DWORD)i;
  return id;
}

/* Ids differ with every installation, and so do the ProviderIds of chains. An id is replaced by the
 * position of its entry, and such a ProviderId by zeros. */
static void remove_ids_of_this_run(WSAPROTOCOL_INFOW *info, const WSAPROTOCOL_INFOW *infos,
                                   int count)
{
  info->dwCatalogEntryId = 0;
  for (int i = 0; i < info->ProtocolChain.ChainLen; i++)
    info->ProtocolChain.ChainEntries[i] =
        position_of(info->ProtocolChain.ChainEntries[i], infos, count);
  if (info->ProtocolChain.ChainLen > BASE_PROTOCOL && !is_numbered_guid(&info->ProviderId))
    memset(&info->ProviderId, 0, sizeof info->ProviderId);
}

static void mix_entries(struct catalog_digest *digest, const WSAPROTOCOL_INFOW *infos, int count)
{
  for (int i = 0; i < count; i++) {
    WSAPROTOCOL_INFOW info = infos[i];

    mix(&digest->with_ids, &info, sizeof info);
    remove_ids_of_this_run(&info, infos, count);
    mix(&digest->content, &info, sizeof info);
  }
}

static void mix_in_both(struct catalog_digest *digest, const void *bytes, size_t size)
{
  mix(&digest->content, bytes, size);
  mix(&digest->with_ids, bytes, size);
}

static void mix_stored(struct catalog_digest *digest, DWORD width)
{
  WS2SPI_CATALOG_ENTRY entries[MOST_ENTRIES];
  WSAPROTOCOL_INFOW infos[MOST_ENTRIES];
  DWORD bytes = sizeof entries;
  int error, count;

  entries->dwSize = sizeof *entries;
  count = Ws2SpiEnumCatalog(width, entries, &bytes, &error);
  assert_int_not_equal(count, SOCKET_ERROR);
  for (int i = 0; i < count; i++) {
    infos[i] = entries[i].ProtocolInfo;
    mix_in_both(digest, entries[i].szPath, wcslen(entries[i].szPath) * sizeof(WCHAR));
  }
  mix_entries(digest, infos, count);
  mix_in_both(digest, &width, sizeof width);
}

static void mix_categories(struct catalog_digest *digest, unsigned number)
{
  GUID guid = numbered_guid(number);
  DWORD categories = 0;
  size_t size = sizeof categories;
  int error = 0;

  WSCGetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, &size, 0, &error);
  mix_in_both(digest, &categories, sizeof categories);
  mix_in_both(digest, &error, sizeof error);
}

struct catalog_digest changes_digest(void)
{
  struct catalog_digest digest = {14695981039346656037u, 14695981039346656037u};
  struct catalog_view view = catalog_view_take();

  assert_int_not_equal(view.count, -1);
  mix_entries(&digest, view.info, view.count);
  catalog_view_free(&view);
  mix_stored(&digest, WS2SPI_WIDTH_32);
  mix_stored(&digest, WS2SPI_WIDTH_64);
  for (unsigned number = FIRST; number <= NEW; number++)
    mix_categories(&digest, number);
  return digest;
}

bool changes_kept_ids(struct catalog_digest before, struct catalog_digest now)
{
  return now.content != before.content || now.with_ids == before.with_ids;
}

static void build(void)
{
  assert_int_equal(reset(), 0);
  for (unsigned number = LOCAL; number <= NEW; number++)
    deinstall_in(WS2SPI_WIDTH_NATIVE, number);
  assert_int_equal(install_in(WS2SPI_WIDTH_NATIVE, FIRST, 2), 0);
  assert_int_equal(install_in(WS2SPI_WIDTH_BOTH, SECOND, 1), 0);
  assert_int_equal(install_local(LOCAL), 0);
  assert_int_equal(install_local(LOCAL_TOO), 0);
  assert_int_equal(set_info(FIRST, CATEGORIES), 0);
}

void changes_undo(void)
{
  if (changes_digest().content != initial_content)
    build();
  assert_true(changes_digest().content == initial_content);
}

int changes_begin(void **state)
{
  registered = fake_provider_register();
  assert_int_not_equal(registered, 0);
  build();
  initial_content = changes_digest().content;
  return 0;
}

void changes_end_of_store(void)
{
  assert_int_equal(reset(), 0);
}

int changes_end(void **state)
{
  int error;

  changes_end_of_store();
  for (unsigned number = LOCAL; number <= NEW; number++)
    deinstall_in(WS2SPI_WIDTH_NATIVE, number);
  return Ws2SpiUnregisterProvider(registered, &error);
}
