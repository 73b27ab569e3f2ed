#include "support/cmocka_headers.h"

#include "tool/image_file.h"
#include "tool/provider_file.h"

#include <stdio.h>
#include <wchar.h>

/* The bytes of a file beside this program, in memory that ends where they end. */
struct bytes {
  size_t size;
  unsigned char *at;
};

static void beside_us(const WCHAR *name, WCHAR path[MAX_PATH])
{
  GetModuleFileNameW(NULL, path, MAX_PATH);
  wcscpy(wcsrchr(path, L'\\') + 1, name);
}

static struct bytes read_file(const WCHAR *name)
{
  struct bytes bytes = {0};
  WCHAR path[MAX_PATH];
  FILE *file;

  beside_us(name, path);
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

static struct image image_beside_us(const WCHAR *name)
{
  WCHAR path[MAX_PATH];

  beside_us(name, path);
  return image_read(path);
}

static void assert_image(struct image image, enum image_kind kind, DWORD width)
{
  assert_int_equal(image.kind, kind);
  assert_int_equal(image.width, width);
}

static void provider_is_recognised_with_its_word_size(void **state)
{
  assert_image(image_beside_us(L"fake_lsp.dll"), IMAGE_OK, WS2SPI_WIDTH_NATIVE);
  assert_image(image_beside_us(L"ws2spi.dll"), IMAGE_OK, WS2SPI_WIDTH_NATIVE);
}

static void dll_without_startup_is_none(void **state)
{
  assert_image(image_beside_us(L"no_startup.dll"), IMAGE_NO_STARTUP, WS2SPI_WIDTH_NATIVE);
}

static void program_is_no_dll(void **state)
{
  assert_image(image_beside_us(L"tool_image.exe"), IMAGE_NO_DLL, 0);
}

static void file_that_is_not_there_is_told_apart(void **state)
{
  assert_image(image_beside_us(L"no such file.dll"), IMAGE_NOT_THERE, 0);
  assert_image(image_beside_us(L""), IMAGE_NOT_THERE, 0); /* a folder */
}

/* Guard pages would tell of a read past the end; so does the heap's own layout, where
 * what follows is not what a DLL has there. */
static void every_beginning_of_a_dll_is_read_within_its_bounds(void **state)
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

/* Each field of the headers takes values that lead astray; a fault would end the test. */
static void damaged_headers_lead_nowhere(void **state)
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

/* --- which file a path means -------------------------------------------------------------- */

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

static void path_that_grows_too_long_is_refused(void **state)
{
  WCHAR value[200], file[MAX_PATH];

  wmemset(value, L'x', 199);
  value[199] = 0;
  assert_true(SetEnvironmentVariableW(L"WS2SPI_LONG", value));
  assert_true(provider_file(WS2SPI_WIDTH_NATIVE, L"C:\\%WS2SPI_LONG%", file));
  assert_false(provider_file(WS2SPI_WIDTH_NATIVE, L"C:\\%WS2SPI_LONG%%WS2SPI_LONG%", file));
  assert_true(SetEnvironmentVariableW(L"WS2SPI_LONG", NULL));
}

static void system_folder_is_that_of_the_width(void **state)
{
  const DWORD other = WS2SPI_WIDTH_BOTH ^ WS2SPI_WIDTH_NATIVE;
  WCHAR own[MAX_PATH], foreign[MAX_PATH];

  assert_true(provider_file(WS2SPI_WIDTH_NATIVE, L"%SystemRoot%\\system32\\mswsock.dll", own));
  assert_true(provider_file(other, L"%SystemRoot%\\system32\\mswsock.dll", foreign));
  assert_int_equal(_wcsicmp(own, L"C:\\windows\\system32\\mswsock.dll"), 0);
  assert_int_equal(image_read(own).width, WS2SPI_WIDTH_NATIVE);
  assert_int_equal(image_read(foreign).width, other);
}

static void folder_that_only_begins_like_system32_stays(void **state)
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
      cmocka_unit_test(dll_without_startup_is_none),
      cmocka_unit_test(program_is_no_dll),
      cmocka_unit_test(file_that_is_not_there_is_told_apart),
      cmocka_unit_test(every_beginning_of_a_dll_is_read_within_its_bounds),
      cmocka_unit_test(damaged_headers_lead_nowhere),
      cmocka_unit_test(path_is_expanded_and_must_be_absolute),
      cmocka_unit_test(path_that_grows_too_long_is_refused),
      cmocka_unit_test(system_folder_is_that_of_the_width),
      cmocka_unit_test(folder_that_only_begins_like_system32_stays),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
