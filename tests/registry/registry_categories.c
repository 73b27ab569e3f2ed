/* The stored form of the LSP categories of providers and programs. */
#include "cmocka_and_store.h"

#include "catalog_fixture.h"
#include "registry_fixture.h"

#include <stdio.h>
#include <wchar.h>

static const GUID PROVIDER = {
    0xE70F1AA0, 0xAB8B, 0x11CF, {0x8C, 0xA3, 0x00, 0x80, 0x5F, 0x48, 0xA1, 0x92}};
static const GUID OTHER = {
    0xE70F1AA0, 0xAB8B, 0x11CF, {0x8C, 0xA3, 0x00, 0x80, 0x5F, 0x48, 0xA1, 0x93}};
static const WCHAR PROGRAM[] = L"C:\\Program Files\\\x00c4rger\\program.exe";

enum { UNTOUCHED = 0x55555555, PROGRAMS = 40 };

static int begin(void **state)
{
  root_begin();
  return 0;
}

static int end(void **state)
{
  root_end();
  return 0;
}

static void expect_provider(enum catalog_width width, const GUID *provider, int result,
                            DWORD expected)
{
  DWORD categories = UNTOUCHED;

  assert_int_equal(store_registry.get_provider_categories(width, provider, &categories), result);
  assert_int_equal(categories, expected);
}

static void expect_program(const WCHAR *path, const WCHAR *extra, int result, DWORD expected)
{
  DWORD categories = UNTOUCHED;

  assert_int_equal(store_registry.get_application_categories(path, extra, &categories), result);
  assert_int_equal(categories, expected);
}

static void set_program(const WCHAR *path, const WCHAR *extra, DWORD categories)
{
  assert_int_equal(store_registry.lock(), 0);
  assert_int_equal(store_registry.set_application_categories(path, extra, categories), 0);
  store_registry.unlock();
}

static void set_provider(enum catalog_width width, const GUID *provider, DWORD categories)
{
  assert_int_equal(store_registry.lock(), 0);
  assert_int_equal(store_registry.set_provider_categories(width, provider, categories), 0);
  store_registry.unlock();
}

/* --- providers ---------------------------------------------------------------------------- */

static void a_provider_without_categories_is_not_found(void **state)
{
  expect_provider(CATALOG_64, &PROVIDER, WSASERVICE_NOT_FOUND, UNTOUCHED);
}

static void categories_belong_to_one_provider_of_one_width(void **state)
{
  set_provider(CATALOG_64, &PROVIDER, LSP_SYSTEM | LSP_PROXY);
  expect_provider(CATALOG_64, &PROVIDER, 0, LSP_SYSTEM | LSP_PROXY);
  expect_provider(CATALOG_32, &PROVIDER, WSASERVICE_NOT_FOUND, UNTOUCHED);
  expect_provider(CATALOG_64, &OTHER, WSASERVICE_NOT_FOUND, UNTOUCHED);
}

static void setting_no_category_removes_the_value(void **state)
{
  set_provider(CATALOG_32, &PROVIDER, 0); /* there is nothing to remove */
  set_provider(CATALOG_32, &PROVIDER, LSP_FIREWALL);
  set_provider(CATALOG_32, &PROVIDER, 0);
  expect_provider(CATALOG_32, &PROVIDER, WSASERVICE_NOT_FOUND, UNTOUCHED);
}

static void a_value_that_is_not_a_number_is_not_found(void **state)
{
  HKEY key;

  set_provider(CATALOG_64, &PROVIDER, LSP_FIREWALL);
  key = root_open(L"Ws2Spi_LspCategories64");
  assert_int_equal(RegSetValueExW(key, L"{E70F1AA0-AB8B-11CF-8CA3-00805F48A192}", 0, REG_BINARY,
                                  (const BYTE *)"abcde", 5),
                   0);
  RegCloseKey(key);
  expect_provider(CATALOG_64, &PROVIDER, WSASERVICE_NOT_FOUND, UNTOUCHED);
}

/* --- programs ----------------------------------------------------------------------------- */

static void a_program_without_categories_is_not_found(void **state)
{
  expect_program(PROGRAM, L"", WSASERVICE_NOT_FOUND, UNTOUCHED);
}

static void paths_are_compared_without_case_and_extra_strings_with_it(void **state)
{
  set_program(PROGRAM, L"-a", LSP_SYSTEM);
  set_program(PROGRAM, L"", LSP_PROXY);
  expect_program(PROGRAM, L"-a", 0, LSP_SYSTEM);
  expect_program(PROGRAM, L"", 0, LSP_PROXY);
  expect_program(L"c:\\PROGRAM files\\\x00e4RGER\\Program.EXE", L"-a", 0, LSP_SYSTEM);
  expect_program(PROGRAM, L"-A", WSASERVICE_NOT_FOUND, UNTOUCHED);
  expect_program(L"C:\\program.exe", L"-a", WSASERVICE_NOT_FOUND, UNTOUCHED);
}

static void setting_again_replaces_the_value(void **state)
{
  HKEY key;
  DWORD keys = 0;

  set_program(PROGRAM, L"-a", LSP_SYSTEM);
  set_program(PROGRAM, L"-a", LSP_SYSTEM | LSP_FIREWALL);
  expect_program(PROGRAM, L"-a", 0, LSP_SYSTEM | LSP_FIREWALL);
  key = root_open(L"AppId_Catalog");
  assert_int_equal(registry_count_keys(key, &keys), 0);
  RegCloseKey(key);
  assert_int_equal(keys, 1);
}

/* Windows names the key by a hash of its own. */
static void a_key_with_a_name_of_another_writer_is_found_and_kept(void **state)
{
  static const WCHAR path[] = L"C:\\Windows\\System32\\wsl.exe";
  const DWORD stored = LSP_SYSTEM;
  HKEY key = root_open(L"AppId_Catalog\\0408F7A3");
  DWORD keys = 0;

  RegSetValueExW(key, L"AppFullPath", 0, REG_SZ, (const BYTE *)path, sizeof path);
  RegSetValueExW(key, L"PermittedLspCategories", 0, REG_DWORD, (const BYTE *)&stored, 4);
  RegCloseKey(key);
  expect_program(path, L"", 0, LSP_SYSTEM);
  set_program(path, L"", LSP_SYSTEM | LSP_PROXY);
  expect_program(path, L"", 0, LSP_SYSTEM | LSP_PROXY);
  key = root_open(L"AppId_Catalog");
  assert_int_equal(registry_count_keys(key, &keys), 0);
  RegCloseKey(key);
  assert_int_equal(keys, 1);
}

/* No call can pass a string of this length. */
static void a_key_with_too_long_arguments_does_not_match_empty_ones(void **state)
{
  static const WCHAR path[] = L"C:\\Windows\\System32\\wsl.exe";
  static WCHAR arguments[33000];
  const DWORD stored = LSP_SYSTEM;
  HKEY key = root_open(L"AppId_Catalog\\0408F7A3");

  wmemset(arguments, L'x', sizeof arguments / sizeof *arguments - 1);
  RegSetValueExW(key, L"AppFullPath", 0, REG_SZ, (const BYTE *)path, sizeof path);
  RegSetValueExW(key, L"AppArgs", 0, REG_SZ, (const BYTE *)arguments, sizeof arguments);
  RegSetValueExW(key, L"PermittedLspCategories", 0, REG_DWORD, (const BYTE *)&stored, 4);
  RegCloseKey(key);
  expect_program(path, L"", WSASERVICE_NOT_FOUND, UNTOUCHED);
}

static void each_program_has_its_own_categories(void **state)
{
  WCHAR path[MAX_PATH];

  for (DWORD i = 0; i < PROGRAMS; i++) {
    wsprintfW(path, L"C:\\%lu.exe", i);
    set_program(path, L"", i + 1);
  }
  for (DWORD i = 0; i < PROGRAMS; i++) {
    wsprintfW(path, L"C:\\%lu.exe", i);
    expect_program(path, L"", 0, i + 1);
  }
}

/* If another program has a key with the same hash, the next number is used. */
static void a_hash_in_use_by_another_program_is_skipped(void **state)
{
  WCHAR name[16];
  WCHAR taken[CATALOG_PATH_CHARS];
  HKEY key;

  set_program(PROGRAM, L"", LSP_PROXY);
  key = root_open(L"AppId_Catalog");
  assert_int_equal(registry_key_at(key, 0, name, 16), 0);
  RegCloseKey(key);
  wsprintfW(taken, L"AppId_Catalog\\%s", name);
  key = root_open(taken);
  registry_write_string(key, L"AppFullPath", L"C:\\somebody else.exe");
  RegCloseKey(key);
  expect_program(PROGRAM, L"", WSASERVICE_NOT_FOUND, UNTOUCHED);
  set_program(PROGRAM, L"", LSP_FIREWALL);
  expect_program(PROGRAM, L"", 0, LSP_FIREWALL);
  expect_program(L"C:\\somebody else.exe", L"", 0, LSP_PROXY);
}

static void damaged_keys_of_programs_are_skipped(void **state)
{
  HKEY key = root_open(L"AppId_Catalog\\00000000");

  RegSetValueExW(key, L"AppFullPath", 0, REG_DWORD, (const BYTE *)"abcd", 4);
  RegCloseKey(key);
  RegCloseKey(root_open(L"AppId_Catalog\\a key with a name that is not a number"));
  expect_program(PROGRAM, L"", WSASERVICE_NOT_FOUND, UNTOUCHED);
  set_program(PROGRAM, L"", LSP_FIREWALL);
  expect_program(PROGRAM, L"", 0, LSP_FIREWALL);
}

#define CATEGORIES_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CATEGORIES_TEST(a_provider_without_categories_is_not_found),
      CATEGORIES_TEST(categories_belong_to_one_provider_of_one_width),
      CATEGORIES_TEST(setting_no_category_removes_the_value),
      CATEGORIES_TEST(a_value_that_is_not_a_number_is_not_found),
      CATEGORIES_TEST(a_program_without_categories_is_not_found),
      CATEGORIES_TEST(paths_are_compared_without_case_and_extra_strings_with_it),
      CATEGORIES_TEST(setting_again_replaces_the_value),
      CATEGORIES_TEST(a_key_with_a_name_of_another_writer_is_found_and_kept),
      CATEGORIES_TEST(a_key_with_too_long_arguments_does_not_match_empty_ones),
      CATEGORIES_TEST(each_program_has_its_own_categories),
      CATEGORIES_TEST(a_hash_in_use_by_another_program_is_skipped),
      CATEGORIES_TEST(damaged_keys_of_programs_are_skipped),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
