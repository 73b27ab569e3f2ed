#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/fake_provider.h"

#include <wchar.h>

enum { NAME_CHARS = 256 };

static GUID guid;
static WSAPROTOCOL_INFOW infos[3];

static int prepare(void **state)
{
  guid = numbered_guid(1);
  for (int i = 0; i < 3; i++)
    fake_provider_info(&infos[i]);
  return 0;
}

static int remove_all(void **state)
{
  deinstall_one(1);
  deinstall_one(2);
  return catalog_count() == 6 ? 0 : -1;
}

static void assert_rejected(const WCHAR *path, DWORD count, int expected)
{
  int error = -1;

  assert_int_equal(WSCInstallProvider(&guid, path, infos, count, &error), SOCKET_ERROR);
  assert_int_equal(error, expected);
  assert_int_equal(catalog_count(), 6);
}

static void entries_are_appended_as_given(void **state)
{
  struct catalog_view view;
  int error = -1;

  for (int i = 0; i < 3; i++) {
    infos[i].iProtocol = 400 + i;
    infos[i].dwCatalogEntryId = 1001; /* the caller's id is ignored */
  }
  assert_int_equal(WSCInstallProvider(&guid, L"C:\\lsp.dll", infos, 3, &error), 0);
  assert_int_equal(error, 0);
  view = catalog_view_take();
  assert_int_equal(view.count, 9);
  for (int i = 0; i < 3; i++) {
    WSAPROTOCOL_INFOW expected = infos[i];

    expected.ProviderId = guid;
    expected.dwCatalogEntryId = view.info[6].dwCatalogEntryId + (DWORD)i;
    assert_memory_equal(&view.info[6 + i], &expected, sizeof expected);
  }
  catalog_view_free(&view);
}

static void callers_list_is_not_written_to(void **state)
{
  const WSAPROTOCOL_INFOW before = infos[0];
  int error = -1;

  assert_int_equal(WSCInstallProvider(&guid, L"C:\\lsp.dll", infos, 1, &error), 0);
  assert_int_equal(error, 0);
  assert_memory_equal(&infos[0], &before, sizeof before);
}

static void new_ids_are_above_all_earlier_ids(void **state)
{
  const DWORD first = install_one(1, L"C:\\a.dll");
  const DWORD second = install_one(2, L"C:\\b.dll");
  DWORD again;

  assert_true(first >= 1007);
  assert_int_equal(second, first + 1);
  deinstall_one(2);
  again = install_one(2, L"C:\\b.dll");
  assert_int_equal(again, second + 1);
}

static void empty_list_is_invalid(void **state)
{
  assert_rejected(L"C:\\lsp.dll", 0, WSAEINVAL);
}

static void empty_path_is_invalid(void **state)
{
  assert_rejected(L"", 1, WSAEINVAL);
}

static void path_must_be_shorter_than_max_path(void **state)
{
  WCHAR path[MAX_PATH + 1];
  int error = -1;

  for (int i = 0; i < MAX_PATH; i++)
    path[i] = L'a';
  path[MAX_PATH] = 0;
  assert_rejected(path, 1, WSAEINVAL);
  path[MAX_PATH - 1] = 0;
  assert_int_equal(WSCInstallProvider(&guid, path, infos, 1, &error), 0);
  assert_int_equal(error, 0);
}

static void longest_path_is_returned_whole(void **state)
{
  WCHAR path[MAX_PATH], back[MAX_PATH];
  int chars = MAX_PATH;
  int error = -1;

  for (int i = 0; i < MAX_PATH - 1; i++)
    path[i] = (WCHAR)(L'a' + i % 26);
  path[MAX_PATH - 1] = 0;
  assert_int_equal(WSCInstallProvider(&guid, path, infos, 1, &error), 0);
  assert_int_equal(WSCGetProviderPath(&guid, back, &chars, &error), 0);
  assert_int_equal(chars, MAX_PATH - 1);
  assert_int_equal(wcscmp(path, back), 0);
}

static void name_without_nul_is_invalid(void **state)
{
  wmemset(infos[1].szProtocol, L'n', NAME_CHARS);
  assert_rejected(L"C:\\lsp.dll", 2, WSAEINVAL);
}

static void name_of_255_characters_is_kept(void **state)
{
  WSAPROTOCOL_INFOW shown;
  struct catalog_view view;
  int error = -1;

  wmemset(infos[0].szProtocol, L'n', NAME_CHARS - 1);
  assert_int_equal(WSCInstallProvider(&guid, L"C:\\lsp.dll", infos, 1, &error), 0);
  assert_int_equal(error, 0);
  view = catalog_view_take();
  shown = view.info[6];
  catalog_view_free(&view);
  assert_memory_equal(shown.szProtocol, infos[0].szProtocol, sizeof shown.szProtocol);
}

static void second_install_of_a_provider_is_rejected(void **state)
{
  int error = -1;

  assert_true(install_one(1, L"C:\\lsp.dll") != 0);
  assert_int_equal(WSCInstallProvider(&guid, L"C:\\other.dll", infos, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSANO_RECOVERY);
  assert_int_equal(catalog_count(), 7);
}

static void base_provider_ids_are_in_use(void **state)
{
  struct catalog_view view = catalog_view_take();

  for (int i = 0; i < 6; i++) {
    guid = view.info[i].ProviderId;
    assert_rejected(L"C:\\lsp.dll", 1, WSANO_RECOVERY);
  }
  catalog_view_free(&view);
}

static void one_invalid_entry_rejects_the_whole_list(void **state)
{
  infos[2].ProtocolChain.ChainLen = 8;
  assert_rejected(L"C:\\lsp.dll", 3, WSAEINVAL);
}

static void providers_with_equal_hashes_are_distinguished(void **state)
{
  /* The four words of each have the same exclusive or. */
  const GUID twins[] = {{1, 2, 3, {0}}, {3 << 16 | 2, 1, 0, {0}}, {0, 0, 0, {3, 0, 3, 0}}};
  WCHAR path[] = L"C:\\0.dll";
  int error = -1;

  for (int i = 0; i < 3; i++) {
    GUID twin = twins[i];

    path[3] = (WCHAR)(L'0' + i);
    assert_int_equal(WSCInstallProvider(&twin, path, infos, 1, &error), 0);
  }
  for (int round = 0; round < 3; round++) {
    const int i = (round + 1) % 3; /* the middle one is removed first */
    GUID twin = twins[i];
    WCHAR back[MAX_PATH];
    int chars = MAX_PATH;

    assert_int_equal(WSCGetProviderPath(&twin, back, &chars, &error), 0);
    assert_int_equal(back[3], L'0' + i);
    assert_int_equal(WSCDeinstallProvider(&twin, &error), 0);
    assert_int_equal(WSCGetProviderPath(&twin, back, &chars, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEINVAL);
  }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, remove_all)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(entries_are_appended_as_given),
      CASE(callers_list_is_not_written_to),
      CASE(new_ids_are_above_all_earlier_ids),
      CASE(empty_list_is_invalid),
      CASE(empty_path_is_invalid),
      CASE(path_must_be_shorter_than_max_path),
      CASE(longest_path_is_returned_whole),
      CASE(name_without_nul_is_invalid),
      CASE(name_of_255_characters_is_kept),
      CASE(second_install_of_a_provider_is_rejected),
      CASE(base_provider_ids_are_in_use),
      CASE(one_invalid_entry_rejects_the_whole_list),
      CASE(providers_with_equal_hashes_are_distinguished),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
