#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/fake_provider.h"

#include <wchar.h>

enum { ENTRIES = 3 };

static GUID guid;
static DWORD first;
static WSAPROTOCOL_INFOW infos[ENTRIES];

static int prepare(void **state)
{
  int error;

  guid = numbered_guid(1);
  for (int i = 0; i < ENTRIES; i++)
    fake_provider_info(&infos[i]);
  if (WSCInstallProvider(&guid, L"C:\\old.dll", infos, ENTRIES, &error) != 0)
    return -1;
  first = newest_id_of(&guid) - (ENTRIES - 1);
  for (int i = 0; i < ENTRIES; i++) {
    infos[i].ProviderId = guid;
    infos[i].dwCatalogEntryId = first + (DWORD)i;
  }
  return 0;
}

static int clean_up(void **state)
{
  deinstall_one(1);
  deinstall_one(2);
  return catalog_count() == 6 ? 0 : -1;
}

static void assert_path(const WCHAR *expected)
{
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH;
  int error = -1;

  assert_int_equal(WSCGetProviderPath(&guid, path, &chars, &error), 0);
  assert_int_equal(wcscmp(path, expected), 0);
}

static void assert_rejected(DWORD count, int expected)
{
  struct catalog_view before = catalog_view_take();
  struct catalog_view after;
  int error = -1;

  assert_int_equal(WSCUpdateProvider(&guid, L"C:\\new.dll", infos, count, &error), SOCKET_ERROR);
  assert_int_equal(error, expected);
  after = catalog_view_take();
  assert_int_equal(after.count, before.count);
  assert_memory_equal(after.info, before.info, (size_t)before.count * sizeof *before.info);
  catalog_view_free(&before);
  catalog_view_free(&after);
  assert_path(L"C:\\old.dll");
}

static void entries_are_updated_in_place(void **state)
{
  struct catalog_view view;
  int error = -1;

  install_one(2, L"C:\\behind.dll");
  wcscpy(infos[1].szProtocol, L"another name");
  infos[1].iProtocol = 4711;
  assert_int_equal(WSCUpdateProvider(&guid, L"C:\\new.dll", &infos[1], 1, &error), 0);
  assert_int_equal(error, 0);
  view = catalog_view_take();
  assert_int_equal(view.count, 6 + ENTRIES + 1);
  for (int i = 0; i < ENTRIES; i++)
    assert_memory_equal(&view.info[6 + i], &infos[i], sizeof infos[i]);
  catalog_view_free(&view);
}

static void path_applies_to_the_whole_provider(void **state)
{
  int error = -1;

  assert_int_equal(WSCUpdateProvider(&guid, L"%SystemRoot%\\new.dll", &infos[2], 1, &error), 0);
  assert_path(L"%SystemRoot%\\new.dll");
}

static void provider_id_in_the_list_is_ignored(void **state)
{
  WSAPROTOCOL_INFOW shown;
  int error = -1;

  infos[0].ProviderId = numbered_guid(77);
  assert_int_equal(WSCUpdateProvider(&guid, L"C:\\new.dll", infos, 1, &error), 0);
  assert_true(catalog_find(first, &shown));
  assert_memory_equal(&shown.ProviderId, &guid, sizeof guid);
}

static void unknown_provider_is_invalid(void **state)
{
  GUID unknown = numbered_guid(5);
  int error = -1;

  assert_int_equal(WSCUpdateProvider(&unknown, L"C:\\new.dll", infos, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
}

static void id_of_another_provider_is_invalid(void **state)
{
  infos[1].dwCatalogEntryId = 1001;
  assert_rejected(ENTRIES, WSAEINVAL);
  infos[1].dwCatalogEntryId = 0;
  assert_rejected(ENTRIES, WSAEINVAL);
}

static void repeated_id_is_invalid(void **state)
{
  infos[2].dwCatalogEntryId = infos[0].dwCatalogEntryId;
  assert_rejected(ENTRIES, WSAEINVAL);
}

static void empty_list_is_invalid(void **state)
{
  assert_rejected(0, WSAEINVAL);
}

static void chain_with_a_missing_element_is_invalid(void **state)
{
  infos[0].ProtocolChain.ChainLen = 2;
  infos[0].ProtocolChain.ChainEntries[0] = 4711;
  infos[0].ProtocolChain.ChainEntries[1] = 1001;
  assert_rejected(1, WSAEINVAL);
}

static void chain_that_names_itself_is_invalid(void **state)
{
  infos[0].ProtocolChain.ChainLen = 2;
  infos[0].ProtocolChain.ChainEntries[0] = first;
  infos[0].ProtocolChain.ChainEntries[1] = 1001;
  assert_rejected(1, WSAEINVAL);
}

/* An invalid entry of the provider does not prevent an update of its path. */
static void other_entries_may_be_invalid_already(void **state)
{
  struct catalog_view view;
  WSAPROTOCOL_INFOW info;
  GUID below = numbered_guid(2);
  int error = -1;

  infos[1].ProtocolChain.ChainLen = 2;
  infos[1].ProtocolChain.ChainEntries[0] = install_one(2, L"C:\\below.dll");
  infos[1].ProtocolChain.ChainEntries[1] = 1001;
  assert_int_equal(WSCUpdateProvider(&guid, L"C:\\old.dll", &infos[1], 1, &error), 0);
  assert_int_equal(WSCDeinstallProvider(&below, &error), 0);
  view = catalog_view_take();
  assert_int_equal(view.count, 6 + ENTRIES - 1);
  catalog_view_free(&view);
  assert_false(catalog_find(first + 1, &info));

  assert_rejected(2, WSAEINVAL); /* with the invalid one */
  assert_int_equal(WSCUpdateProvider(&guid, L"C:\\new.dll", &infos[2], 1, &error), 0);
  assert_path(L"C:\\new.dll");
  infos[1].ProtocolChain.ChainEntries[0] = first;
  assert_int_equal(WSCUpdateProvider(&guid, L"C:\\new.dll", &infos[1], 1, &error), 0);
  assert_true(catalog_find(first + 1, &info));
}

/* The entry itself is valid, but the chains over it would be nested too deeply. */
static void update_that_invalidates_others_is_rejected(void **state)
{
  DWORD tower;
  GUID owner = numbered_guid(10);
  WSAPROTOCOL_INFOW info;
  int error = -1;

  tower = install_tower(10);
  assert_int_not_equal(tower, 0);
  assert_true(catalog_find(tower, &info));
  info.ProtocolChain.ChainLen = 2;
  info.ProtocolChain.ChainEntries[0] = first;
  info.ProtocolChain.ChainEntries[1] = 1001;
  assert_int_equal(WSCUpdateProvider(&owner, L"C:\\new.dll", &info, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_true(catalog_find(tower + TOWER_HEIGHT, &info));
  deinstall_tower(10);
}

static void entry_can_become_a_chain(void **state)
{
  WSAPROTOCOL_INFOW shown;
  int error = -1;

  infos[0].ProtocolChain.ChainLen = 2;
  infos[0].ProtocolChain.ChainEntries[0] = first + 1;
  infos[0].ProtocolChain.ChainEntries[1] = 1001;
  assert_int_equal(WSCUpdateProvider(&guid, L"C:\\new.dll", infos, 1, &error), 0);
  assert_int_equal(error, 0);
  assert_true(catalog_find(first, &shown));
  assert_int_equal(shown.ProtocolChain.ChainLen, 2);
}

static void name_without_nul_is_invalid(void **state)
{
  wmemset(infos[0].szProtocol, L'n', 256);
  assert_rejected(1, WSAEINVAL);
}

static void bad_pointers_return_wsaefault(void **state)
{
  int error = -1;

  assert_int_equal(WSCUpdateProvider(NULL, L"C:\\new.dll", infos, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(WSCUpdateProvider(&guid, NULL, infos, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(WSCUpdateProvider(&guid, L"C:\\new.dll", NULL, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(WSCUpdateProvider(&guid, L"C:\\new.dll", infos, 1, NULL), SOCKET_ERROR);
  assert_path(L"C:\\old.dll");
}

/* A chain over a registered entry is process-local. */
static void process_local_entry_cannot_be_updated(void **state)
{
  const DWORD registered = fake_provider_register();
  GUID local = numbered_guid(3);
  WSAPROTOCOL_INFOW info;
  int error = -1;

  fake_provider_info(&info);
  info.ProtocolChain.ChainLen = 2;
  info.ProtocolChain.ChainEntries[0] = first;
  info.ProtocolChain.ChainEntries[1] = registered;
  assert_int_equal(WSCInstallProvider(&local, L"C:\\local.dll", &info, 1, &error), 0);
  info.dwCatalogEntryId = newest_id_of(&local);
  assert_true(info.dwCatalogEntryId >= WS2SPI_FIRST_REGISTERED_ID);
  assert_int_equal(WSCUpdateProvider(&local, L"C:\\new.dll", &info, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  deinstall_one(3);
  assert_int_equal(Ws2SpiUnregisterProvider(registered, &error), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(entries_are_updated_in_place),
      CASE(path_applies_to_the_whole_provider),
      CASE(provider_id_in_the_list_is_ignored),
      CASE(unknown_provider_is_invalid),
      CASE(id_of_another_provider_is_invalid),
      CASE(repeated_id_is_invalid),
      CASE(empty_list_is_invalid),
      CASE(chain_with_a_missing_element_is_invalid),
      CASE(chain_that_names_itself_is_invalid),
      CASE(other_entries_may_be_invalid_already),
      CASE(update_that_invalidates_others_is_rejected),
      CASE(entry_can_become_a_chain),
      CASE(name_without_nul_is_invalid),
      CASE(bad_pointers_return_wsaefault),
      CASE(process_local_entry_cannot_be_updated),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
