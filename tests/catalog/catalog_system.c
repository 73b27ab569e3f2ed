/* The WSC functions over the system's catalog: each returns the result and the error of the
 * system's function of the same name, or WSANO_RECOVERY where the system has no such function. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/fake_provider.h"

enum { UNTOUCHED = 0x5A5A };

static WCHAR PATH[] = L"C:\\lsp.dll";
static GUID guid;
static WSAPROTOCOL_INFOW info;

/* On real Windows this test would change the machine's catalog. */
static BOOL is_wine(void)
{
  return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != NULL;
}

static int open_systems(void **state)
{
  int error;

  guid = numbered_guid(1);
  fake_provider_info(&info);
  return Ws2SpiOpenCatalog(WS2SPI_CATALOG_SYSTEM, &error);
}

/* The system's function, or NULL. If it does not store an error, ours is 0. */
static void find(const char *name, void *function)
{
  const FARPROC found = GetProcAddress(GetModuleHandleW(L"ws2_32.dll"), name);

  memcpy(function, &found, sizeof found);
}

struct answer {
  int result;
  int error;
};

static void assert_answer(struct answer ours, BOOL there_is_one, struct answer theirs)
{
  if (!there_is_one)
    theirs = (struct answer){SOCKET_ERROR, WSANO_RECOVERY};
  assert_int_equal(ours.result, theirs.result);
  assert_int_equal(ours.error, theirs.error);
}

static void install_is_forwarded(void **state)
{
  int(WSPAPI * install)(LPGUID, const WCHAR *, const LPWSAPROTOCOL_INFOW, DWORD, LPINT);
  int(WSPAPI * deinstall)(LPGUID, LPINT);
  struct answer ours = {0, UNTOUCHED}, theirs = {0, 0};

  find("WSCInstallProvider", &install);
  assert_non_null(install);
  theirs.result = install(&guid, PATH, &info, 1, &theirs.error);
  ours.result = WSCInstallProvider(&guid, PATH, &info, 1, &ours.error);
  assert_answer(ours, TRUE, theirs);
  find("WSCDeinstallProvider", &deinstall);
  assert_non_null(deinstall);
  ours.error = UNTOUCHED;
  theirs.error = 0;
  theirs.result = deinstall(&guid, &theirs.error);
  ours.result = WSCDeinstallProvider(&guid, &ours.error);
  assert_answer(ours, TRUE, theirs);
}

/* Wine's function ends the program that calls it. */
static void update_is_rejected_under_wine(void **state)
{
  struct answer ours = {0, UNTOUCHED};

  ours.result = WSCUpdateProvider(&guid, PATH, &info, 1, &ours.error);
  assert_answer(ours, FALSE, ours);
}

static void order_is_forwarded(void **state)
{
  int(WSPAPI * write)(LPDWORD, DWORD);
  DWORD ids[] = {1001, 1002};

  find("WSCWriteProviderOrder", &write);
  assert_non_null(write);
  assert_int_equal(WSCWriteProviderOrder(ids, 2), write(ids, 2));
}

static void categories_of_a_provider_are_forwarded(void **state)
{
  int(WSPAPI * get)(LPGUID, int, PBYTE, size_t *, DWORD, LPINT);
  int(WSPAPI * set)(LPGUID, int, PBYTE, size_t, DWORD, LPINT);
  struct answer ours = {0, UNTOUCHED}, theirs = {0, 0};
  DWORD categories = 0;
  size_t size = sizeof categories;

  find("WSCGetProviderInfo", &get);
  if (get != NULL)
    theirs.result = get(&guid, 0, (PBYTE)&categories, &size, 0, &theirs.error);
  ours.result = WSCGetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories, &size, 0,
                                   &ours.error);
  assert_answer(ours, get != NULL, theirs);
  find("WSCSetProviderInfo", &set);
  ours.error = UNTOUCHED;
  theirs.error = 0;
  if (set != NULL)
    theirs.result = set(&guid, 0, (PBYTE)&categories, sizeof categories, 0, &theirs.error);
  ours.result = WSCSetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&categories,
                                   sizeof categories, 0, &ours.error);
  assert_answer(ours, set != NULL, theirs);
}

static void categories_of_an_application_are_forwarded(void **state)
{
  int(WSPAPI * get)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD *, LPINT);
  int(WSPAPI * set)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD, DWORD *, LPINT);
  struct answer ours = {0, UNTOUCHED}, theirs = {0, 0};
  DWORD categories = 0;

  find("WSCGetApplicationCategory", &get);
  if (get != NULL)
    theirs.result = get(PATH, 10, NULL, 0, &categories, &theirs.error);
  ours.result = WSCGetApplicationCategory(PATH, 10, NULL, 0, &categories, &ours.error);
  assert_answer(ours, get != NULL, theirs);
  find("WSCSetApplicationCategory", &set);
  ours.error = UNTOUCHED;
  theirs.error = 0;
  if (set != NULL)
    theirs.result = set(PATH, 10, NULL, 0, 0, &categories, &theirs.error);
  ours.result = WSCSetApplicationCategory(PATH, 10, NULL, 0, 0, &categories, &ours.error);
  assert_answer(ours, set != NULL, theirs);
}

static void config_change_is_forwarded(void **state)
{
  int(WSAAPI * wait)(LPHANDLE, LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE);
  HANDLE handle = NULL;
  struct answer ours, theirs;

  find("WSAProviderConfigChange", &wait);
  assert_non_null(wait);
  SetLastError(UNTOUCHED);
  theirs.result = wait(&handle, NULL, NULL);
  theirs.error = (int)GetLastError();
  handle = NULL;
  SetLastError(UNTOUCHED);
  ours.result = WSAProviderConfigChange(&handle, NULL, NULL);
  ours.error = (int)GetLastError();
  assert_answer(ours, TRUE, theirs);
}

#ifdef _WIN64

static void functions_of_the_32_bit_catalog_are_forwarded(void **state)
{
  int(WSPAPI * function)(void);
  static const char *const names[] = {"WSCInstallProvider64_32", "WSCDeinstallProvider32",
                                      "WSCUpdateProvider32", "WSCGetProviderInfo32",
                                      "WSCInstallProviderAndChains64_32"};
  DWORD categories, id;
  size_t size = sizeof categories;
  WCHAR name[] = L"Layer";
  int error[7];

  /* Wine has none of them. */
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    find(names[i], &function);
    assert_null(function);
  }
  assert_int_equal(WSCInstallProvider64_32(&guid, PATH, &info, 1, &error[0]), SOCKET_ERROR);
  assert_int_equal(WSCDeinstallProvider32(&guid, &error[1]), SOCKET_ERROR);
  assert_int_equal(WSCUpdateProvider32(&guid, PATH, &info, 1, &error[2]), SOCKET_ERROR);
  assert_int_equal(WSCGetProviderInfo32(&guid, ProviderInfoLspCategories, (PBYTE)&categories, &size,
                                        0, &error[3]),
                   SOCKET_ERROR);
  assert_int_equal(WSCSetProviderInfo32(&guid, ProviderInfoLspCategories, (PBYTE)&categories, size,
                                        0, &error[4]),
                   SOCKET_ERROR);
  assert_int_equal(
      WSCInstallProviderAndChains64_32(&guid, PATH, NULL, name, 0, NULL, 0, &id, &error[5]),
      SOCKET_ERROR);
  for (int i = 0; i < 6; i++)
    assert_int_equal(error[i], WSANO_RECOVERY);
}

static void order_of_the_32_bit_catalog_is_forwarded(void **state)
{
  DWORD ids[] = {1001};

  assert_int_equal(WSCWriteProviderOrder32(ids, 1), WSANO_RECOVERY);
}

#else

static void install_with_chains_is_forwarded(void **state)
{
  int(WSPAPI * function)(void);
  WCHAR name[] = L"Layer";
  DWORD id;
  int error = UNTOUCHED;

  find("WSCInstallProviderAndChains", &function); /* Wine has none */
  assert_null(function);
  assert_int_equal(WSCInstallProviderAndChains(&guid, PATH, name, 0, NULL, 0, &id, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSANO_RECOVERY);
}

#endif

/* Before a layer is started, its categories and those of the program are read from the system too.
 * Wine returns none, so every layer is permitted. */
static void selection_works_without_categories_from_wine(void **state)
{
  WSAPROTOCOL_INFOW selected;
  WSADATA data;
  int error = UNTOUCHED;

  assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
  assert_int_equal(Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, IPPROTO_TCP,
                                        &selected, &error),
                   0);
  assert_int_equal(selected.dwCatalogEntryId, 1001);
  assert_int_equal(WSACleanup(), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(install_is_forwarded),
      cmocka_unit_test(update_is_rejected_under_wine),
      cmocka_unit_test(order_is_forwarded),
      cmocka_unit_test(categories_of_a_provider_are_forwarded),
      cmocka_unit_test(categories_of_an_application_are_forwarded),
      cmocka_unit_test(config_change_is_forwarded),
#ifdef _WIN64
      cmocka_unit_test(functions_of_the_32_bit_catalog_are_forwarded),
      cmocka_unit_test(order_of_the_32_bit_catalog_is_forwarded),
#else
      cmocka_unit_test(install_with_chains_is_forwarded),
#endif
      cmocka_unit_test(selection_works_without_categories_from_wine),
  };

  if (!is_wine()) {
    print_message("not Wine: the system's catalog is left alone\n");
    return 1;
  }
  return cmocka_run_group_tests(tests, open_systems, NULL);
}
