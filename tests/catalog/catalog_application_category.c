#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/bad_memory.h"

#include <wchar.h>

enum { UNTOUCHED = 0x5A5A5A5A };

static const WCHAR PATH[] = L"C:\\Program Files\\One\\one.exe";

static int set(const WCHAR *path, const WCHAR *extra, DWORD categories, DWORD *previous)
{
  int error = -1;

  if (WSCSetApplicationCategory(path, (DWORD)wcslen(path), extra,
                                extra != NULL ? (DWORD)wcslen(extra) : 0, categories, previous,
                                &error) == 0)
    return error;
  return error != 0 ? error : -1;
}

static int get(const WCHAR *path, const WCHAR *extra, DWORD *categories)
{
  int error = -1;

  *categories = UNTOUCHED;
  if (WSCGetApplicationCategory(path, (DWORD)wcslen(path), extra,
                                extra != NULL ? (DWORD)wcslen(extra) : 0, categories, &error) == 0)
    return error;
  return error != 0 ? error : -1;
}

static void application_without_categories_is_not_found(void **state)
{
  DWORD categories;

  assert_int_equal(get(L"C:\\none.exe", NULL, &categories), WSASERVICE_NOT_FOUND);
  assert_int_equal(categories, UNTOUCHED);
}

static void categories_of_several_calls_are_combined(void **state)
{
  DWORD previous = UNTOUCHED, categories;

  assert_int_equal(set(PATH, NULL, LSP_SYSTEM, &previous), 0);
  assert_int_equal(previous, 0);
  assert_int_equal(set(PATH, NULL, LSP_FIREWALL, &previous), 0);
  assert_int_equal(previous, LSP_SYSTEM);
  assert_int_equal(set(PATH, NULL, LSP_PROXY, NULL), 0);
  assert_int_equal(get(PATH, NULL, &categories), 0);
  assert_int_equal(categories, LSP_SYSTEM | LSP_FIREWALL | LSP_PROXY);
}

static void arguments_distinguish_applications(void **state)
{
  DWORD categories;

  assert_int_equal(set(L"C:\\two.exe", L"-k one", LSP_PROXY, NULL), 0);
  assert_int_equal(get(L"C:\\two.exe", NULL, &categories), WSASERVICE_NOT_FOUND);
  assert_int_equal(get(L"C:\\two.exe", L"-k two", &categories), WSASERVICE_NOT_FOUND);
  assert_int_equal(get(L"C:\\two.exe", L"-k one", &categories), 0);
  assert_int_equal(categories, LSP_PROXY);
}

static void case_of_a_path_is_ignored(void **state)
{
  DWORD categories;

  assert_int_equal(set(L"C:\\Three.exe", NULL, LSP_PROXY, NULL), 0);
  assert_int_equal(get(L"c:\\tHREE.EXE", NULL, &categories), 0);
  assert_int_equal(categories, LSP_PROXY);
}

/* In a locale's order a soft hyphen is ignored, and an e followed by a combining accent is one
 * letter. */
static void names_are_compared_without_a_locale(void **state)
{
  DWORD categories;

  assert_int_equal(set(L"C:\\caf\x00E9.exe", NULL, LSP_PROXY, NULL), 0);
  assert_int_equal(get(L"C:\\CAF\x00C9.EXE", NULL, &categories), 0);
  assert_int_equal(get(L"C:\\cafe\x0301.exe", NULL, &categories), WSASERVICE_NOT_FOUND);
  assert_int_equal(get(L"C:\\caf\x00AD\x00E9.exe", NULL, &categories), WSASERVICE_NOT_FOUND);
  assert_int_equal(set(L"C:\\six.exe", L"-k co-op", LSP_PROXY, NULL), 0);
  assert_int_equal(get(L"C:\\six.exe", L"-k co-op", &categories), 0);
  assert_int_equal(get(L"C:\\six.exe", L"-k co-\x00ADop", &categories), WSASERVICE_NOT_FOUND);
  assert_int_equal(get(L"C:\\six.exe", L"-K co-op", &categories), WSASERVICE_NOT_FOUND);
}

static void environment_strings_are_expanded(void **state)
{
  WCHAR path[MAX_PATH];
  DWORD categories;

  ExpandEnvironmentStringsW(L"%SystemRoot%\\four.exe", path, MAX_PATH);
  assert_int_equal(set(L"%SystemRoot%\\four.exe", NULL, LSP_CRYPTO_COMPRESS, NULL), 0);
  assert_int_equal(get(path, NULL, &categories), 0);
  assert_int_equal(categories, LSP_CRYPTO_COMPRESS);
}

static void path_length_is_that_of_the_argument(void **state)
{
  WCHAR *path = end_of_page(9 * sizeof *path);
  DWORD categories = UNTOUCHED;
  int error = -1;

  memcpy(path, L"C:\\5.exe!", 9 * sizeof *path);
  assert_int_equal(WSCSetApplicationCategory(path, 8, NULL, 0, LSP_PROXY, NULL, &error), 0);
  assert_int_equal(get(L"C:\\5.exe", NULL, &categories), 0);
  assert_int_equal(WSCSetApplicationCategory(path, 10, NULL, 0, LSP_PROXY, NULL, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
}

enum { LONGEST = 32767, LONGEST_PATH = 32766 };

static WCHAR long_path[LONGEST + 1], long_extra[LONGEST + 1];

static void fill(WCHAR *string, size_t from, size_t chars)
{
  wmemset(string + from, L'x', chars - from);
  string[chars] = 0;
}

static void longest_strings_are_stored_whole(void **state)
{
  DWORD categories, previous = UNTOUCHED;

  memcpy(long_path, L"C:\\", 3 * sizeof *long_path);
  fill(long_path, 3, LONGEST_PATH);
  fill(long_extra, 0, LONGEST);
  assert_int_equal(set(long_path, long_extra, LSP_PROXY, &previous), 0);
  assert_int_equal(previous, 0);
  assert_int_equal(get(long_path, long_extra, &categories), 0);
  assert_int_equal(categories, LSP_PROXY);
  assert_int_equal(get(long_path, NULL, &categories), WSASERVICE_NOT_FOUND);
  assert_int_equal(set(long_path, long_extra, LSP_FIREWALL, &previous), 0);
  assert_int_equal(previous, LSP_PROXY);
}

static void assert_both_fail(const WCHAR *path, DWORD length, const WCHAR *extra,
                             DWORD extra_length, int expected)
{
  DWORD value = UNTOUCHED;
  int error = -1;

  assert_int_equal(WSCGetApplicationCategory(path, length, extra, extra_length, &value, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, expected);
  error = -1;
  assert_int_equal(WSCSetApplicationCategory(path, length, extra, extra_length, 1, &value, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, expected);
  assert_int_equal(value, UNTOUCHED);
}

static void strings_of_invalid_length_are_rejected(void **state)
{
  assert_both_fail(NULL, 5, NULL, 0, WSAEINVAL);
  assert_both_fail(PATH, 0, NULL, 0, WSAEINVAL);
  fill(long_path, 0, LONGEST);
  assert_both_fail(long_path, LONGEST, NULL, 0, WSAEINVAL);
  assert_both_fail(PATH, 8, long_path, LONGEST + 1, WSAEINVAL);
  assert_both_fail(PATH, 8, PATH, 0xFFFFFFFF, WSAEINVAL);
  assert_both_fail(L"C:\\a\0b", 6, NULL, 0, WSAEINVAL);
  assert_both_fail(PATH, 8, NULL, 3, WSAEFAULT);
}

static void path_that_expands_beyond_the_limit_is_invalid(void **state)
{
  static const WCHAR start[] = L"C:\\%WS2SPI_TEST_LONG%";
  const size_t chars = wcslen(start);
  const WCHAR *const name = L"WS2SPI_TEST_LONG";
  DWORD categories;

  fill(long_extra, 0, 300);
  assert_true(SetEnvironmentVariableW(name, long_extra));
  memcpy(long_path, start, sizeof start);
  fill(long_path, chars, LONGEST_PATH - 300 + wcslen(name) + 2);
  assert_int_equal(get(long_path, NULL, &categories), WSASERVICE_NOT_FOUND);
  fill(long_path, chars, wcslen(long_path) + 1);
  assert_both_fail(long_path, (DWORD)wcslen(long_path), NULL, 0, WSAEINVAL);
}

static void assert_bad_strings_fail(const struct bad_pointer *bad)
{
  DWORD value = UNTOUCHED;
  int error = -1;

  assert_int_equal(WSCGetApplicationCategory(PATH, 8, bad_address(bad), 8, &value, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  error = -1;
  assert_int_equal(WSCSetApplicationCategory(PATH, 8, bad_address(bad), 8, 1, &value, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  if (bad->address == NULL)
    return;
  error = -1;
  assert_int_equal(WSCGetApplicationCategory(bad_address(bad), 8, NULL, 0, &value, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(value, UNTOUCHED);
}

static void bad_pointers_return_wsaefault(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    DWORD value = UNTOUCHED;
    int error = -1;

    if (!bad->readable)
      assert_bad_strings_fail(bad);
    assert_int_equal(WSCGetApplicationCategory(PATH, 8, NULL, 0, bad_address(bad), &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    error = -1;
    if (bad->address != NULL) {
      assert_int_equal(WSCSetApplicationCategory(L"C:\\6", 4, NULL, 0, 1, bad_address(bad), &error),
                       SOCKET_ERROR);
      assert_int_equal(error, WSAEFAULT);
    }
    assert_int_equal(WSCGetApplicationCategory(PATH, 8, NULL, 0, &value, bad_address(bad)),
                     SOCKET_ERROR);
    assert_int_equal(WSCSetApplicationCategory(L"C:\\6", 4, NULL, 0, 1, &value, bad_address(bad)),
                     SOCKET_ERROR);
    assert_int_equal(get(L"C:\\6", NULL, &value), WSASERVICE_NOT_FOUND);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(application_without_categories_is_not_found),
      cmocka_unit_test(categories_of_several_calls_are_combined),
      cmocka_unit_test(arguments_distinguish_applications),
      cmocka_unit_test(case_of_a_path_is_ignored),
      cmocka_unit_test(names_are_compared_without_a_locale),
      cmocka_unit_test(environment_strings_are_expanded),
      cmocka_unit_test(path_length_is_that_of_the_argument),
      cmocka_unit_test(longest_strings_are_stored_whole),
      cmocka_unit_test(strings_of_invalid_length_are_rejected),
      cmocka_unit_test(path_that_expands_beyond_the_limit_is_invalid),
      cmocka_unit_test(bad_pointers_return_wsaefault),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
