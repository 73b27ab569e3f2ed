/* The LSPs that an application with categories loads
 * (WinSock/categorizing-layered-service-providers-and-applications). */
#include "support/cmocka_headers.h"

#include "lsp_entries.h"

static const GUID layer_provider = {0x1A7E, 0x15B, 1, {8, 8, 8}};
static DWORD layer, chain;

static DWORD install_layer(void)
{
  GUID guid = layer_provider;
  WSAPROTOCOL_INFOW info, shown[16];
  DWORD bytes = sizeof shown;
  int error, count;

  fake_provider_info(&info);
  info.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  if (WSCInstallProvider(&guid, beside(L"fake_lsp.dll"), &info, 1, &error) != 0)
    return 0;
  count = WSCEnumProtocols(NULL, shown, &bytes, &error);
  return count > 0 ? shown[count - 1].dwCatalogEntryId : 0;
}

/* Opening the catalog again makes the host read the categories again. */
static int prepare(void **state)
{
  int error;

  layer = install_layer();
  chain = install_chain(beside(L"fake_lsp.dll"), layer, 1001);
  return layer != 0 && chain != 0 && Ws2SpiOpenCatalog(WS2SPI_CATALOG_DEFAULT, &error) == 0 ? 0
                                                                                            : -1;
}

static int clean_up(void **state)
{
  GUID guid = layer_provider;
  int error;

  deinstall_entries();
  return WSCDeinstallProvider(&guid, &error);
}

static void categorise_lsp(DWORD categories)
{
  GUID guid = layer_provider;
  int error = -1;

  assert_int_equal(WSCSetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories,
                                      sizeof categories, 0, &error),
                   0);
}

static void categorise_me(DWORD categories)
{
  WCHAR path[MAX_PATH];
  const DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
  int error = -1;

  assert_int_equal(WSCSetApplicationCategory(path, length, NULL, 0, categories, NULL, &error), 0);
}

static int start_and_stop(DWORD id)
{
  WSPPROC_TABLE table;
  const int outcome = start(id, &table);

  if (outcome == 0)
    assert_int_equal(stop(id), 0);
  return outcome;
}

static DWORD first_selected(void)
{
  WSAPROTOCOL_INFOW info;
  int error = -1;

  return Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, 250, &info, &error) == 0
             ? info.dwCatalogEntryId
             : (DWORD)error;
}

static void uncategorised_application_loads_all(void **state)
{
  categorise_lsp(LSP_FIREWALL);
  assert_int_equal(start_and_stop(chain), 0);
  assert_int_equal(first_selected(), chain);
}

static void reading_happens_once(void **state)
{
  int error;

  assert_int_equal(first_selected(), chain);
  categorise_me(LSP_SYSTEM | LSP_FIREWALL | LSP_CRYPTO_COMPRESS);
  assert_int_equal(first_selected(), chain);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_DEFAULT, &error), 0);
  assert_int_equal(first_selected(), WSAEPROTONOSUPPORT);
}

/* The example of the page. */
static void categories_of_the_lsp_must_be_among_those_of_the_application(void **state)
{
  static const struct {
    DWORD lsp;
    BOOL loads;
  } cases[] = {
      {LSP_SYSTEM, TRUE},
      {LSP_FIREWALL, FALSE},
      {0, FALSE},
      {LSP_SYSTEM | LSP_FIREWALL | LSP_CRYPTO_COMPRESS, TRUE},
      {LSP_SYSTEM | LSP_FIREWALL | LSP_CRYPTO_COMPRESS | LSP_INSPECTOR, FALSE},
      {LSP_SYSTEM | LSP_CRYPTO_COMPRESS, TRUE},
  };

  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    categorise_lsp(cases[i].lsp);
    assert_int_equal(start_and_stop(chain), cases[i].loads ? 0 : WSAEPROVIDERFAILEDINIT);
    assert_int_equal(start_and_stop(layer), cases[i].loads ? 0 : WSAEPROVIDERFAILEDINIT);
    assert_int_equal(first_selected(), cases[i].loads ? (int)chain : WSAEPROTONOSUPPORT);
  }
}

static void base_and_registered_providers_are_no_lsps(void **state)
{
  const DWORD registered = fake_provider_register();
  WSAPROTOCOL_INFOW info;
  int error = -1;

  assert_int_equal(start_and_stop(1001), 0);
  assert_int_equal(start_and_stop(registered), 0);
  assert_int_equal(
      Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, IPPROTO_TCP, &info, &error),
      0);
  assert_int_equal(info.dwCatalogEntryId, 1001);
  assert_int_equal(Ws2SpiUnregisterProvider(registered, &error), 0);
}

/* A program that registers a provider in its own process has chosen it. */
static void a_registered_layer_is_loaded_by_all(void **state)
{
  WSAPROTOCOL_INFOW info;
  DWORD registered = 0;
  int error = -1;

  fake_provider_reset();
  fake_provider_info(&info);
  info.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &registered, &error), 0);
  assert_int_equal(start_and_stop(registered), 0);
  assert_int_equal(start_and_stop(layer), WSAEPROVIDERFAILEDINIT);
  assert_int_equal(Ws2SpiUnregisterProvider(registered, &error), 0);
}

static void the_catalog_shows_excluded_layers(void **state)
{
  WSAPROTOCOL_INFOW infos[16];
  DWORD bytes = sizeof infos;
  int error = -1;

  assert_int_equal(WSCEnumProtocols(NULL, infos, &bytes, &error), 8);
}

static int install_upper(GUID *upper_layer, GUID *upper_chain, DWORD *upper)
{
  WSAPROTOCOL_INFOW info, shown[16];
  DWORD bytes = sizeof shown;
  int error, count;

  fake_provider_info(&info);
  info.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  if (WSCInstallProvider(upper_layer, beside(L"fake_lsp.dll"), &info, 1, &error) != 0)
    return error;
  count = WSCEnumProtocols(NULL, shown, &bytes, &error);
  info.ProtocolChain.ChainLen = 3;
  info.ProtocolChain.ChainEntries[0] = shown[count - 1].dwCatalogEntryId;
  info.ProtocolChain.ChainEntries[1] = chain;
  info.ProtocolChain.ChainEntries[2] = 1001;
  if (WSCInstallProvider(upper_chain, beside(L"fake_lsp.dll"), &info, 1, &error) != 0)
    return error;
  bytes = sizeof shown;
  count = WSCEnumProtocols(NULL, shown, &bytes, &error);
  *upper = shown[count - 1].dwCatalogEntryId;
  return 0;
}

/* The upper layer names the chain of the lower one, not its dummy entry. */
static void a_chain_is_excluded_with_any_of_its_layers(void **state)
{
  GUID upper_layer = {0x0B7E, 1, 1, {7}}, upper_chain = {0x0B7E, 2, 2, {7}};
  DWORD upper = 0, categories = LSP_SYSTEM;
  int error = -1;

  assert_int_equal(install_upper(&upper_layer, &upper_chain, &upper), 0);
  assert_int_equal(WSCSetProviderInfo(&upper_layer, ProviderInfoLspCategories, (PBYTE)&categories,
                                      sizeof categories, 0, &error),
                   0);
  assert_int_equal(start_and_stop(upper), WSAEPROVIDERFAILEDINIT);
  categorise_lsp(LSP_SYSTEM);
  assert_int_equal(start_and_stop(upper), 0);
  assert_int_equal(WSCDeinstallProvider(&upper_chain, &error), 0);
  assert_int_equal(WSCDeinstallProvider(&upper_layer, &error), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

/* From reading_happens_once on, this program has categories. */
int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(uncategorised_application_loads_all),
      CASE(reading_happens_once),
      CASE(categories_of_the_lsp_must_be_among_those_of_the_application),
      CASE(base_and_registered_providers_are_no_lsps),
      CASE(a_registered_layer_is_loaded_by_all),
      CASE(the_catalog_shows_excluded_layers),
      CASE(a_chain_is_excluded_with_any_of_its_layers),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
