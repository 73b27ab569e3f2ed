#include "support/cmocka_headers.h"

#include "tool/image_file.h"
#include "tool/provider_file.h"

#include <stdio.h>
#include <wchar.h>

/* The bytes of a file in the folder of this program. */
struct bytes {
  size_t size;
  unsigned char *at;
};

static void path_in_own_folder(const WCHAR *name, WCHAR path[MAX_PATH])
{
  GetModuleFileNameW(NULL, path, MAX_PATH);
  wcscpy(wcsrchr(path, L'\\') + 1, name);
}

static struct bytes read_file(const WCHAR *name)
{
  struct bytes bytes = {0};
  WCHAR path[MAX_PATH];
  FILE *file;

  path_in_own_folder(name, path);
  file = _wfopen(path, L"rb");
  if (file == NULL)
    return bytes;
  fseek(file, 0, SEEK_END);
  bytes.size = (size_t)ftell(file);
  bytes.at = malloc(bytes.size);
  rewind(file);
  if (bytes.at == NULL || fread(bytes.at, 1, bytes.size, file) != bytes.size)
    bytes.size = 0;
  fclose(file);
  return bytes;
}

static struct image image_in_own_folder(const WCHAR *name)
{
  WCHAR path[MAX_PATH];

  path_in_own_folder(name, path);
  return image_read(path);
}

static void assert_image(struct image image, enum image_kind kind, DWORD width)
{
  assert_int_equal(image.kind, kind);
  assert_int_equal(image.width, width);
}

static void provider_is_recognised_with_its_word_size(void **state)
{
  assert_image(image_in_own_folder(L"fake_lsp.dll"), IMAGE_OK, WS2SPI_WIDTH_NATIVE);
  assert_image(image_in_own_folder(L"ws2spi.dll"), IMAGE_OK, WS2SPI_WIDTH_NATIVE);
}

static void dll_without_WSPStartup_is_not_a_provider(void **state)
{
  assert_image(image_in_own_folder(L"no_startup.dll"), IMAGE_NO_STARTUP, WS2SPI_WIDTH_NATIVE);
}

static void program_is_not_a_dll(void **state)
{
  assert_image(image_in_own_folder(L"tool_image.exe"), IMAGE_NOT_A_DLL, 0);
}

static void missing_file_is_reported_as_such(void **state)
{
  assert_image(image_in_own_folder(L"no such file.dll"), IMAGE_MISSING, 0);
  assert_image(image_in_own_folder(L""), IMAGE_MISSING, 0); /* a folder */
}

/* The bytes end at a page that cannot be read: a read past the end would end the test. */
static void truncated_dll_is_read_within_its_bounds(void **state)
{
  const struct bytes dll = read_file(L"no_startup.dll");
  SYSTEM_INFO system;
  unsigned char *area, *end;
  DWORD before;

  assert_true(dll.size > 1024);
  GetSystemInfo(&system);
  area = VirtualAlloc(NULL, 2 * system.dwPageSize, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  assert_non_null(area);
  end = area + system.dwPageSize;
  assert_true(VirtualProtect(end, system.dwPageSize, PAGE_NOACCESS, &before));
  for (size_t size = 0; size <= 1024; size++) {
    memcpy(end - size, dll.at, size);
    assert_int_not_equal(image_parse(end - size, size).kind, IMAGE_OK);
  }
  VirtualFree(area, 0, MEM_RELEASE);
  free(dll.at);
}

/* Each field of the headers takes bad values. An access violation would end the test. */
static void dll_with_damaged_headers_is_refused(void **state)
{
  static const DWORD values[] = {0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF};
  struct bytes dll = read_file(L"no_startup.dll");
  size_t ok = 0;

  assert_true(dll.size > 1024);
  for (size_t at = 0; at + 4 <= 1024; at++)
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
      DWORD saved;

      memcpy(&saved, dll.at + at, sizeof saved);
      memcpy(dll.at + at, &values[i], sizeof saved);
      ok += image_parse(dll.at, dll.size).kind == IMAGE_OK;
      memcpy(dll.at + at, &saved, sizeof saved);
    }
  assert_int_equal(ok, 0);
  free(dll.at);
}

/* --- the file of a path ------------------------------------------------------------------- */

static void path_is_expanded_and_must_be_absolute(void **state)
{
  WCHAR file[MAX_PATH];

  assert_true(provider_file(WS2SPI_WIDTH_NATIVE, L"%SystemRoot%\\x.dll", file));
  assert_int_equal(_wcsicmp(file, L"C:\\windows\\x.dll"), 0);
  assert_true(provider_file(WS2SPI_WIDTH_NATIVE, L"\\\\server\\share\\x.dll", file));
  assert_false(provider_file(WS2SPI_WIDTH_NATIVE, L"x.dll", file));
  assert_false(provider_file(WS2SPI_WIDTH_NATIVE, L"\\x.dll", file));
  assert_false(provider_file(WS2SPI_WIDTH_NATIVE, L"C:x.dll", file));
  assert_false(provider_file(WS2SPI_WIDTH_NATIVE, L"", file));
}

static void path_that_is_too_long_when_expanded_is_refused(void **state)
{
  WCHAR value[200], file[MAX_PATH];

  wmemset(value, L'x', 199);
  value[199] = 0;
  assert_true(SetEnvironmentVariableW(L"WS2SPI_LONG", value));
  assert_true(provider_file(WS2SPI_WIDTH_NATIVE, L"C:\\%WS2SPI_LONG%", file));
  assert_false(provider_file(WS2SPI_WIDTH_NATIVE, L"C:\\%WS2SPI_LONG%%WS2SPI_LONG%", file));
  assert_true(SetEnvironmentVariableW(L"WS2SPI_LONG", NULL));
}

static void system32_is_the_folder_of_the_width(void **state)
{
  const DWORD other = WS2SPI_WIDTH_BOTH ^ WS2SPI_WIDTH_NATIVE;
  WCHAR own[MAX_PATH], foreign[MAX_PATH];

  assert_true(provider_file(WS2SPI_WIDTH_NATIVE, L"%SystemRoot%\\system32\\mswsock.dll", own));
  assert_true(provider_file(other, L"%SystemRoot%\\system32\\mswsock.dll", foreign));
  assert_int_equal(_wcsicmp(own, L"C:\\windows\\system32\\mswsock.dll"), 0);
  assert_int_equal(image_read(own).width, WS2SPI_WIDTH_NATIVE);
  assert_int_equal(image_read(foreign).width, other);
}

static void folder_that_only_begins_like_system32_is_not_replaced(void **state)
{
  WCHAR file[MAX_PATH];

  assert_true(provider_file(WS2SPI_WIDTH_BOTH ^ WS2SPI_WIDTH_NATIVE,
                            L"C:\\windows\\system32x\\a.dll", file));
  assert_int_equal(_wcsicmp(file, L"C:\\windows\\system32x\\a.dll"), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(provider_is_recognised_with_its_word_size),
      cmocka_unit_test(dll_without_WSPStartup_is_not_a_provider),
      cmocka_unit_test(program_is_not_a_dll),
      cmocka_unit_test(missing_file_is_reported_as_such),
      cmocka_unit_test(truncated_dll_is_read_within_its_bounds),
      cmocka_unit_test(dll_with_damaged_headers_is_refused),
      cmocka_unit_test(path_is_expanded_and_must_be_absolute),
      cmocka_unit_test(path_that_is_too_long_when_expanded_is_refused),
      cmocka_unit_test(system32_is_the_folder_of_the_width),
      cmocka_unit_test(folder_that_only_begins_like_system32_is_not_replaced),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
