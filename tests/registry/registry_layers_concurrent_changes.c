/* Layers that are removed, moved or unreadable while a program selects by their categories or a repair
 * removes these. */
#include "cmocka_and_store.h"

#include "catalog/load_policy.h"
#include "catalog/catalog.h"
#include "registry/categories.h"
#include "registry/catalog_state.h"
#include "registry/commit.h"
#include "registry/registry_store.h"
#include "registry_fixture.h"
#include "support/log_file.h"
#include "ws2spi_shim.h"

#include <stdio.h>
#include <wchar.h>

enum { PROTOCOL = 250, BASE_ID = 1001, UNTOUCHED = 0x5A5A };

static GUID layer_provider = {0x1A7E, 1, 1, {1}};
static GUID chain_provider = {0x1A7E, 2, 2, {2}};
static GUID moving_provider = {0x1A7E, 3, 3, {3}};
static WCHAR PATH[] = L"C:\\lsp.dll";

/* --- interruptions --------------------------------------------------------------------------- */

static void (*before_acquiring)(DWORD id);
static void (*after_enumerating)(void); /* a provider that has categories */
static GUID kept_by_failure;            /* the provider whose categories cannot be removed */
static BOOL serial_fails_after_commit;
static BOOL serial_fails;
static DWORD reading_fails_with;

const struct catalog_entry *__real_catalog_acquire(DWORD id);
const struct catalog_entry *__wrap_catalog_acquire(DWORD id);
const struct catalog_entry *__wrap_catalog_acquire(DWORD id)
{
  if (before_acquiring != NULL)
    before_acquiring(id);
  return __real_catalog_acquire(id);
}

int __real_registry_categorised_provider(enum catalog_width width, DWORD index, GUID *provider);
int __wrap_registry_categorised_provider(enum catalog_width width, DWORD index, GUID *provider);
int __wrap_registry_categorised_provider(enum catalog_width width, DWORD index, GUID *provider)
{
  void (*const then)(void) = after_enumerating;
  const int error = __real_registry_categorised_provider(width, index, provider);

  after_enumerating = NULL;
  if (then != NULL)
    then();
  return error;
}

int __real_registry_set_provider_categories(enum catalog_width width, const GUID *provider,
                                            DWORD categories);
int __wrap_registry_set_provider_categories(enum catalog_width width, const GUID *provider,
                                            DWORD categories);
int __wrap_registry_set_provider_categories(enum catalog_width width, const GUID *provider,
                                            DWORD categories)
{
  if (IsEqualGUID(provider, &kept_by_failure))
    return WSASYSCALLFAILURE;
  return __real_registry_set_provider_categories(width, provider, categories);
}

int __real_commit_splices(const struct store_splice *splices, size_t count, DWORD next_id);
int __wrap_commit_splices(const struct store_splice *splices, size_t count, DWORD next_id);
int __wrap_commit_splices(const struct store_splice *splices, size_t count, DWORD next_id)
{
  const int error = __real_commit_splices(splices, count, next_id);

  serial_fails = serial_fails_after_commit;
  return error;
}

DWORD __real_catalog_state_serial(HKEY key, DWORD *serial);
DWORD __wrap_catalog_state_serial(HKEY key, DWORD *serial);
DWORD __wrap_catalog_state_serial(HKEY key, DWORD *serial)
{
  return serial_fails ? ERROR_BADDB : __real_catalog_state_serial(key, serial);
}

DWORD __real_registry_open(HKEY parent, const WCHAR *path, HKEY *key);
DWORD __wrap_registry_open(HKEY parent, const WCHAR *path, HKEY *key);
DWORD __wrap_registry_open(HKEY parent, const WCHAR *path, HKEY *key)
{
  return reading_fails_with != 0 ? reading_fails_with : __real_registry_open(parent, path, key);
}

/* --- the catalog ----------------------------------------------------------------------------- */

static void open_catalog(DWORD store)
{
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiOpenCatalog(store, &error), 0);
}

static WSAPROTOCOL_INFOW entry_of(int protocol, int chain_length, DWORD first)
{
  WSAPROTOCOL_INFOW info = {.iVersion = 2,
                            .iAddressFamily = AF_INET,
                            .iSocketType = SOCK_STREAM,
                            .iProtocol = protocol,
                            .ProtocolChain = {chain_length, {first, BASE_ID}}};

  lstrcpyW(info.szProtocol, L"Test");
  return info;
}

static DWORD install(GUID *provider, WSAPROTOCOL_INFOW *infos, DWORD count)
{
  DWORD first = 0;
  int error = UNTOUCHED;

  assert_int_equal(
      Ws2SpiInstallProvider(WS2SPI_WIDTH_NATIVE, provider, PATH, infos, count, &first, &error), 0);
  return first;
}

static void categorise(GUID *provider, DWORD categories)
{
  int error = UNTOUCHED;

  assert_int_equal(WSCSetProviderInfo(provider, ProviderInfoLspCategories, (PBYTE)&categories,
                                      sizeof categories, 0, &error),
                   0);
}

/* This program requires a category that the layer does not have. */
static void categorise_both(void)
{
  WCHAR path[MAX_PATH];
  const DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
  int error = UNTOUCHED;

  categorise(&layer_provider, LSP_FIREWALL);
  assert_int_equal(WSCSetApplicationCategory(path, length, NULL, 0, LSP_SYSTEM, NULL, &error), 0);
  load_policy_forget();
}

static DWORD layer, chain;

static DWORD install_chain_over(DWORD top)
{
  WSAPROTOCOL_INFOW info = entry_of(PROTOCOL, 2, top);

  return install(&chain_provider, &info, 1);
}

static int begin(void **state)
{
  WSAPROTOCOL_INFOW info = entry_of(0, LAYERED_PROTOCOL, 0);

  root_begin();
  open_catalog(WS2SPI_CATALOG_REGISTRY);
  layer = install(&layer_provider, &info, 1);
  return 0;
}

static int end(void **state)
{
  int error;

  before_acquiring = NULL;
  after_enumerating = NULL;
  kept_by_failure = (GUID){0};
  serial_fails = serial_fails_after_commit = FALSE;
  reading_fails_with = 0;
  Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &error);
  root_end();
  return 0;
}

/* The id or the error. */
static DWORD select_chain(void)
{
  WSAPROTOCOL_INFOW info;
  int error = UNTOUCHED;

  return Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, PROTOCOL, &info, &error) ==
                 0
             ? info.dwCatalogEntryId
             : (DWORD)error;
}

/* --- selecting by categories ------------------------------------------------------------------- */

static void a_layer_that_is_not_permitted_is_logged(void **state)
{
  char line[80];

  chain = install_chain_over(layer);
  categorise_both();
  assert_int_equal(select_chain(), WSAEPROTONOSUPPORT);
  snprintf(line, sizeof line, "entry %lu: its LSP categories are not permitted in this application",
           chain);
  assert_non_null(strstr(log_file_last_line(), line));
}

static void unreadable_categories_permit_all_layers_and_are_logged(void **state)
{
  chain = install_chain_over(layer);
  categorise_both();
  reading_fails_with = ERROR_BADDB;
  assert_int_equal(select_chain(), chain);
  assert_non_null(strstr(log_file_last_line(),
                         "the LSP categories of this application cannot be read, "
                         "error 10107"));
}

/* Without memory to read its categories, it is not known whether the layer may be loaded. */
static void a_shortage_is_an_error(void **state)
{
  chain = install_chain_over(layer);
  categorise_both();
  assert_int_equal(select_chain(), WSAEPROTONOSUPPORT);
  reading_fails_with = ERROR_NOT_ENOUGH_MEMORY;
  assert_int_equal(select_chain(), WSAENOBUFS);
  reading_fails_with =
      ERROR_BADDB; /* the layer counts as having no category, and is not permitted */
  assert_int_equal(select_chain(), WSAEPROTONOSUPPORT);
}

static void deinstall_the_layer(DWORD id)
{
  int error = UNTOUCHED;

  before_acquiring = NULL;
  assert_int_equal(id, layer);
  assert_int_equal(WSCDeinstallProvider(&layer_provider, &error), 0);
}

static void a_layer_removed_in_between_is_ignored(void **state)
{
  chain = install_chain_over(layer);
  categorise_both();
  assert_int_equal(select_chain(), WSAEPROTONOSUPPORT);
  before_acquiring = deinstall_the_layer;
  assert_int_equal(select_chain(), chain);
  assert_null(before_acquiring);
}

/* Two chains; the one that is being examined is always moved on top of the other. */
static DWORD moving;
static int examinations;

static void move_onto_the_other(DWORD id)
{
  WSAPROTOCOL_INFOW infos[2];
  int error = UNTOUCHED;

  if (id != moving && id != moving + 1)
    return;
  examinations++;
  for (DWORD i = 0; i < 2; i++) {
    infos[i] = entry_of(0, 2, moving + i == id ? moving + 1 - i : layer);
    infos[i].dwCatalogEntryId = moving + i;
  }
  assert_int_equal(WSCUpdateProvider(&moving_provider, PATH, infos, 2, &error), 0);
}

static void a_layer_that_moves_at_each_look_up_is_given_up(void **state)
{
  WSAPROTOCOL_INFOW infos[2] = {entry_of(0, 2, layer), entry_of(0, 2, layer)};

  moving = install(&moving_provider, infos, 2);
  chain = install_chain_over(moving);
  categorise_both();
  assert_int_equal(select_chain(), WSAEPROTONOSUPPORT);
  examinations = 0;
  before_acquiring = move_onto_the_other;
  assert_int_equal(select_chain(), chain);
  assert_int_equal(examinations, MAX_PROTOCOL_CHAIN + 1);
}

/* --- removing categories without a provider ------------------------------------------------------- */

static GUID gone = {0x60, 1, 1, {1}};
static GUID also_gone = {0x60, 2, 2, {2}};

static void leave_behind(enum catalog_width width)
{
  assert_int_equal(store_registry.lock(), 0);
  assert_int_equal(store_registry.set_provider_categories(width, &gone, LSP_PROXY), 0);
  assert_int_equal(store_registry.set_provider_categories(width, &also_gone, LSP_PROXY), 0);
  store_registry.unlock();
}

static int left_behind(enum catalog_width width)
{
  DWORD categories;

  return (store_registry.get_provider_categories(width, &gone, &categories) == 0) +
         (store_registry.get_provider_categories(width, &also_gone, &categories) == 0);
}

static void repair(enum catalog_width width)
{
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiRepairCatalog(1U << width, &error), 0);
}

static void open_memory(void)
{
  open_catalog(WS2SPI_CATALOG_MEMORY);
}

/* The other catalog does not know which providers this one has. */
static void categories_stay_if_another_catalog_is_opened_in_between(void **state)
{
  for (int width = CATALOG_32; width <= CATALOG_64; width++) {
    open_catalog(WS2SPI_CATALOG_REGISTRY);
    leave_behind((enum catalog_width)width);
    after_enumerating = open_memory;
    repair((enum catalog_width)width);
    assert_null(after_enumerating);
    assert_int_equal(left_behind((enum catalog_width)width), 2);
  }
}

static void open_another_and_come_back(void)
{
  open_catalog(WS2SPI_CATALOG_MEMORY);
  open_catalog(WS2SPI_CATALOG_REGISTRY);
}

/* After the catalog was opened again, only the native width has been read. */
static void a_catalog_opened_again_in_between_is_read_again(void **state)
{
  for (int width = CATALOG_32; width <= CATALOG_64; width++) {
    leave_behind((enum catalog_width)width);
    after_enumerating = open_another_and_come_back;
    repair((enum catalog_width)width);
    assert_null(after_enumerating);
    assert_int_equal(left_behind((enum catalog_width)width), width == CATALOG_NATIVE ? 0 : 2);
  }
}

static void one_failed_removal_does_not_stop_the_others(void **state)
{
  leave_behind(CATALOG_NATIVE);
  kept_by_failure = gone;
  repair(CATALOG_NATIVE);
  assert_int_equal(left_behind(CATALOG_NATIVE), 1);
  kept_by_failure = also_gone;
  repair(CATALOG_NATIVE);
  assert_int_equal(left_behind(CATALOG_NATIVE), 0);
}

/* The catalog itself is repaired. The next repair removes the categories. */
static void categories_stay_if_the_catalog_becomes_unreadable(void **state)
{
  leave_behind(CATALOG_NATIVE);
  serial_fails_after_commit = TRUE;
  repair(CATALOG_NATIVE);
  assert_true(serial_fails);
  assert_int_equal(left_behind(CATALOG_NATIVE), 2);
  serial_fails = serial_fails_after_commit = FALSE;
  repair(CATALOG_NATIVE);
  assert_int_equal(left_behind(CATALOG_NATIVE), 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(a_layer_that_is_not_permitted_is_logged),
      TEST(unreadable_categories_permit_all_layers_and_are_logged),
      TEST(a_shortage_is_an_error),
      TEST(a_layer_removed_in_between_is_ignored),
      TEST(a_layer_that_moves_at_each_look_up_is_given_up),
      TEST(categories_stay_if_another_catalog_is_opened_in_between),
      TEST(a_catalog_opened_again_in_between_is_read_again),
      TEST(one_failed_removal_does_not_stop_the_others),
      TEST(categories_stay_if_the_catalog_becomes_unreadable),
  };

  return cmocka_run_group_tests(tests, log_file_open, log_file_remove);
}
