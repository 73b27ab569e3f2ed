/* The DLL's version resource and the header's macros have the project's version. */
#include "support/cmocka_headers.h"

#include <stdlib.h>

static int read_block(void **state)
{
  DWORD unused;
  const DWORD size = GetFileVersionInfoSizeW(L"ws2spi.dll", &unused);
  void *const block = malloc(size + 1);

  if (block == NULL || !GetFileVersionInfoW(L"ws2spi.dll", 0, size, block))
    return -1;
  *state = block;
  return 0;
}

static int free_block(void **state)
{
  free(*state);
  return 0;
}

static void check_number(DWORD most, DWORD least)
{
  assert_int_equal(HIWORD(most), PROJECT_MAJOR);
  assert_int_equal(LOWORD(most), PROJECT_MINOR);
  assert_int_equal(HIWORD(least), PROJECT_PATCH);
  assert_int_equal(LOWORD(least), 0);
}

static void the_fixed_numbers_are_the_projects_version(void **state)
{
  void *found = NULL;
  UINT size = 0;
  const VS_FIXEDFILEINFO *fixed;

  assert_true(VerQueryValueW(*state, L"\\", &found, &size));
  assert_true(size >= sizeof *fixed);
  fixed = found;
  check_number(fixed->dwFileVersionMS, fixed->dwFileVersionLS);
  check_number(fixed->dwProductVersionMS, fixed->dwProductVersionLS);
  assert_int_equal(fixed->dwFileType, VFT_DLL);
  assert_int_equal(fixed->dwFileFlags & fixed->dwFileFlagsMask,
                   PROJECT_SUFFIX[0] == 0 ? 0 : VS_FF_PRERELEASE);
}

/* A program that is compiled sees the macros and not the resource. */
static void the_header_has_the_projects_version(void **state)
{
  char text[32];

  assert_int_equal(WS2SPI_VERSION_MAJOR, PROJECT_MAJOR);
  assert_int_equal(WS2SPI_VERSION_MINOR, PROJECT_MINOR);
  assert_int_equal(WS2SPI_VERSION_PATCH, PROJECT_PATCH);
  wsprintfA(text, "%d.%d.%d%s", PROJECT_MAJOR, PROJECT_MINOR, PROJECT_PATCH, PROJECT_SUFFIX);
  assert_string_equal(WS2SPI_VERSION_STRING, text);
}

static void check_text(void *block, const WCHAR *name, const WCHAR *expected)
{
  WCHAR key[64];
  void *found = NULL;
  UINT chars = 0;

  wsprintfW(key, L"\\StringFileInfo\\040904B0\\%s", name);
  assert_true(VerQueryValueW(block, key, &found, &chars));
  assert_int_equal(lstrcmpW(found, expected), 0);
}

static void the_texts_have_the_projects_version(void **state)
{
  check_text(*state, L"FileVersion", PROJECT_VERSION);
  check_text(*state, L"ProductVersion", PROJECT_VERSION);
  check_text(*state, L"OriginalFilename", L"ws2spi.dll");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_fixed_numbers_are_the_projects_version),
      cmocka_unit_test(the_texts_have_the_projects_version),
      cmocka_unit_test(the_header_has_the_projects_version),
  };

  return cmocka_run_group_tests(tests, read_block, free_block);
}
