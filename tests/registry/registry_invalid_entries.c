/* The WSC functions on a catalog with invalid entries, which have the id of an earlier entry. No chain
 * is built on them, no function finds them, and only repair and reset remove them. */
#include "cmocka_and_store.h"

#include "catalog_fixture.h"
#include "registry_fixture.h"
#include "ws2spi_shim.h"

#include <wchar.h>

enum { NEXT_ID = FIRST_ID + 20, MOST_SHOWN = 16, UNTOUCHED = 0x5A5A };

static GUID lsp = {0x4C5350, 1, 1, {1}};
static WCHAR PATH[] = L"C:\\lsp.dll";
static WCHAR NAME[] = L"Layer";

/* --- the catalog --------------------------------------------------------------------------- */

static void store_items(enum catalog_width width, const struct catalog_item *items, size_t count)
{
  assert_int_equal(items_put(width, 0, items, count, NEXT_ID), 0);
}

static void open_registry(void)
{
  int error;

  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_REGISTRY, &error), 0);
}

static void store_in_both(const struct catalog_item *items, size_t count)
{
  store_items(CATALOG_32, items, count);
  store_items(CATALOG_64, items, count);
  open_registry();
}

static int begin(void **state)
{
  root_begin();
  return 0;
}

static int end(void **state)
{
  int error;

  Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &error);
  root_end();
  return 0;
}

static struct catalog_item base_of(DWORD id, int protocol)
{
  struct catalog_item item = item_make(id);

  item.info.iProtocol = protocol;
  return item;
}

static int count_problems(void)
{
  int error = UNTOUCHED;

  return Ws2SpiCheckCatalog(WS2SPI_WIDTH_NATIVE, NULL, NULL, &error);
}

static WSAPROTOCOL_INFOW shown[MOST_SHOWN];

static int show(void)
{
  DWORD bytes = sizeof shown;
  int error = UNTOUCHED;

  return WSCEnumProtocols(NULL, shown, &bytes, &error);
}

/* --- chains ---------------------------------------------------------------------------------- */

static int install_chains(WSAPROTOCOL_INFOW *over, DWORD count)
{
  return layer_install(&lsp, over, count);
}

/* A chain of the same protocol before the base entry is not chosen either. */
static void chains_over_all_use_the_valid_base_protocols(void **state)
{
  struct catalog_item items[4] = {item_make(FIRST_ID + 1), base_of(FIRST_ID + 2, IPPROTO_TCP),
                                  base_of(FIRST_ID, IPPROTO_TCP), base_of(FIRST_ID, IPPROTO_UDP)};
  struct store_image *image;

  items[0].info.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  items[1].info.ProtocolChain = (WSAPROTOCOLCHAIN){2, {FIRST_ID + 1, FIRST_ID}};
  store_in_both(items, 4);
  assert_int_equal(count_problems(), 1);
  assert_int_equal(install_chains(NULL, 0), 0);
  assert_int_equal(show(), 5);
  assert_int_equal(shown[0].iProtocol, IPPROTO_TCP);
  assert_int_equal(shown[0].ProtocolChain.ChainLen, 2);
  assert_int_equal(shown[0].ProtocolChain.ChainEntries[1], FIRST_ID);
  assert_int_equal(shown[4].ProtocolChain.ChainLen, LAYERED_PROTOCOL);
  assert_int_equal(count_problems(), 1);
  assert_int_equal(store_registry.read(CATALOG_NATIVE, &image), 0);
  assert_int_equal(image->next_id, NEXT_ID + 2); /* two new entries */
  store_free_image(image);
}

static void a_chain_over_an_invalid_entry_is_refused(void **state)
{
  struct catalog_item items[2] = {base_of(FIRST_ID, IPPROTO_TCP), base_of(FIRST_ID, IPPROTO_UDP)};

  store_in_both(items, 2);
  assert_int_equal(install_chains(&items[1].info, 1), WSAEINVAL);
  assert_int_equal(show(), 1);
  assert_int_equal(install_chains(&items[0].info, 1), 0);
  assert_int_equal(show(), 3);
}

static void an_invalid_layer_does_not_reserve_its_name(void **state)
{
  struct catalog_item items[2] = {item_make(FIRST_ID), item_make(FIRST_ID)};

  items[1].info.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  wcscpy(items[1].info.szProtocol, NAME);
  store_in_both(items, 2);
  assert_int_equal(count_problems(), 1);
  assert_int_equal(install_chains(&items[0].info, 1), 0);
  lsp.Data1++;
  assert_int_equal(install_chains(&items[0].info, 1), WSAEINVAL);
  lsp.Data1--;
}

#ifdef _WIN64
/* The layer is installed in both widths. */
static void chains_over_all_need_a_base_protocol_in_both_widths(void **state)
{
  struct catalog_item items[1] = {item_make(FIRST_ID)};

  for (int width = CATALOG_32; width <= CATALOG_64; width++) {
    root_begin();
    items[0].info.ProtocolChain.ChainLen = BASE_PROTOCOL;
    store_items((enum catalog_width)width, items, 1);
    items[0].info.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
    store_items((enum catalog_width)(1 - width), items, 1);
    open_registry();
    assert_int_equal(install_chains(NULL, 0), WSANO_RECOVERY);
    assert_int_equal(show(), 1);
  }
}
#endif

/* --- one provider ------------------------------------------------------------------------------ */

static void the_path_is_that_of_the_first_valid_entry(void **state)
{
  struct catalog_item items[4];
  WCHAR path[MAX_PATH];
  GUID id;
  int chars = MAX_PATH, error = UNTOUCHED;

  items_make(items, 4, FIRST_ID);
  id = items[1].info.ProviderId;
  items[1].info.dwCatalogEntryId = FIRST_ID;
  items[2].info.ProviderId = items[3].info.ProviderId = id;
  items[2].info.dwCatalogEntryId = FIRST_ID;
  store_in_both(items, 4);
  assert_int_equal(count_problems(), 2);
  assert_int_equal(WSCGetProviderPath(&id, path, &chars, &error), 0);
  assert_int_equal(wcscmp(path, items[3].path), 0);
  items[3].info.dwCatalogEntryId = FIRST_ID;
  store_in_both(items, 4);
  assert_int_equal(WSCGetProviderPath(&id, path, &chars, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
}

/* An id means the first entry that has it. The path is changed in all entries of the provider. */
static void an_update_changes_the_valid_entry(void **state)
{
  struct catalog_item items[2];
  struct store_image *image;
  WSAPROTOCOL_INFOW info;
  GUID id;
  int error = UNTOUCHED;

  items_make(items, 2, FIRST_ID);
  id = items[0].info.ProviderId;
  items[1].info.ProviderId = id;
  items[1].info.dwCatalogEntryId = FIRST_ID;
  store_in_both(items, 2);
  info = items[0].info;
  info.iProtocol = IPPROTO_UDP;
  assert_int_equal(WSCUpdateProvider(&id, PATH, &info, 1, &error), 0);
  assert_int_equal(store_registry.read(CATALOG_NATIVE, &image), 0);
  assert_int_equal(image->count, 2);
  assert_int_equal(image->items[0].info.iProtocol, IPPROTO_UDP);
  assert_int_equal(image->items[1].info.iProtocol, 0);
  for (int i = 0; i < 2; i++)
    assert_int_equal(wcscmp(image->items[i].path, PATH), 0);
  store_free_image(image);
}

/* --- the order ----------------------------------------------------------------------------------- */

static void an_order_covers_valid_entries_and_puts_the_others_behind_them(void **state)
{
  struct catalog_item items[4];
  struct store_image *image;
  DWORD ids[] = {FIRST_ID + 3, FIRST_ID, FIRST_ID + 2};

  items_make(items, 4, FIRST_ID);
  items[1].info.dwCatalogEntryId = FIRST_ID;
  store_in_both(items, 4);
  assert_int_equal(WSCWriteProviderOrder(ids, 3), 0);
  assert_int_equal(store_registry.read(CATALOG_NATIVE, &image), 0);
  assert_int_equal(image->count, 4);
  assert_true(item_is_equal(&image->items[0], &items[3]));
  assert_true(item_is_equal(&image->items[1], &items[0]));
  assert_true(item_is_equal(&image->items[2], &items[2]));
  assert_true(item_is_equal(&image->items[3], &items[1]));
  store_free_image(image);
  assert_int_equal(count_problems(), 1);
}

static void repair_removes_invalid_entries_only(void **state)
{
  struct catalog_item items[3];
  int error = UNTOUCHED;

  items_make(items, 3, FIRST_ID);
  items[1].info.dwCatalogEntryId = FIRST_ID;
  store_in_both(items, 3);
  assert_int_equal(Ws2SpiRepairCatalog(WS2SPI_WIDTH_NATIVE, &error), 0);
  assert_int_equal(count_problems(), 0);
  assert_int_equal(show(), 2);
  assert_int_equal(shown[0].dwCatalogEntryId, FIRST_ID);
  assert_int_equal(shown[1].dwCatalogEntryId, FIRST_ID + 2);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(chains_over_all_use_the_valid_base_protocols),
      TEST(a_chain_over_an_invalid_entry_is_refused),
      TEST(an_invalid_layer_does_not_reserve_its_name),
#ifdef _WIN64
      TEST(chains_over_all_need_a_base_protocol_in_both_widths),
#endif
      TEST(the_path_is_that_of_the_first_valid_entry),
      TEST(an_update_changes_the_valid_entry),
      TEST(an_order_covers_valid_entries_and_puts_the_others_behind_them),
      TEST(repair_removes_invalid_entries_only),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
