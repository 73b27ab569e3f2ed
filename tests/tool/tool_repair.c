/* A catalog with damage in the registry: each damaged entry is reported with its reason, and
 * repairing removes it and nothing else. */
#include "support/cmocka_headers.h"

#include "tool_run.h"

#define CATALOG L"SYSTEM\\CurrentControlSet\\Services\\WinSock2\\Parameters\\Protocol_Catalog9"

#ifdef _WIN64
#define ENTRIES CATALOG L"\\Catalog_Entries64"
#else
#define ENTRIES CATALOG L"\\Catalog_Entries"
#endif

enum { PACKED_SIZE = 888, PACKED_ID = 0x128, PACKED_CHAIN = 0x12C, PACKED_NAME = 0x178 };

static HKEY open_item(int position)
{
  WCHAR name[256];
  HKEY key;

  swprintf(name, 256, ENTRIES L"\\%012d", position);
  assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, name, 0, KEY_ALL_ACCESS, &key), 0);
  return key;
}

static void read_item(int position, BYTE item[PACKED_SIZE])
{
  const HKEY key = open_item(position);
  DWORD size = PACKED_SIZE;

  assert_int_equal(RegQueryValueExW(key, L"PackedCatalogItem", NULL, NULL, item, &size), 0);
  assert_int_equal(size, PACKED_SIZE);
  RegCloseKey(key);
}

static void write_item(int position, const BYTE *item, DWORD size)
{
  const HKEY key = open_item(position);

  assert_int_equal(RegSetValueExW(key, L"PackedCatalogItem", 0, REG_BINARY, item, size), 0);
  RegCloseKey(key);
}

/* As each change of the catalog does, so that readers read it again. */
static void raise_serial(void)
{
  DWORD serial = 0, size = sizeof serial;
  HKEY key;

  assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, CATALOG, 0, KEY_ALL_ACCESS, &key), 0);
  assert_int_equal(RegQueryValueExW(key, L"Serial_Access_Num", NULL, NULL, (BYTE *)&serial, &size),
                   0);
  serial++;
  assert_int_equal(
      RegSetValueExW(key, L"Serial_Access_Num", 0, REG_DWORD, (const BYTE *)&serial, size), 0);
  RegCloseKey(key);
}

/* A layer over TCP and UDP; positions: two chains, six base entries, the dummy. */
static void install(void)
{
  assert_int_equal(tool("catalog", "install", beside_test("fake_lsp.dll"), "--name", "Layer",
                        "--over=1001,1002", NULL),
                   EXIT_DONE);
}

static void assert_repaired(size_t left)
{
  struct listing listing;

  assert_int_equal(tool("catalog", "repair", NULL), EXIT_DONE);
  assert_string_equal(printed_diagnostics(), "");
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  assert_int_equal(listing.count, left);
  assert_int_equal(listing.problem_count, 0);
  listing_free(&listing);
  assert_int_equal(tool("catalog", "repair", NULL), EXIT_DONE);
  assert_string_equal(printed(), "");
}

static void assert_reported(int position)
{
  char expected[128];

  snprintf(expected, sizeof expected, "%d-bit catalog, position %d",
           width_bits(WS2SPI_WIDTH_NATIVE), position);
  assert_int_equal(tool("catalog", "check", NULL), EXIT_NEGATIVE);
  assert_non_null(strstr(printed(), expected));
  assert_non_null(strstr(printed(), "    cannot be used: "));
  snprintf(expected, sizeof expected, "    repair: ws2spi catalog repair %s, which removes it\n",
           native_option);
  assert_non_null(strstr(printed(), expected));
}

static void short_item_alone_is_reported_and_removed(void **state)
{
  BYTE item[PACKED_SIZE];

  install();
  read_item(8, item);
  write_item(8, item, 100);
  raise_serial();
  assert_reported(8);
  assert_repaired(8);
  assert_int_equal(tool("catalog", "remove", "Layer", NULL), EXIT_DONE);
  assert_int_equal(tool("catalog", "check", NULL), EXIT_DONE);
}

static void name_without_a_terminator_alone_is_reported_and_removed(void **state)
{
  BYTE item[PACKED_SIZE];

  install();
  read_item(5, item);
  memset(item + PACKED_NAME, 'x', PACKED_SIZE - PACKED_NAME);
  write_item(5, item, PACKED_SIZE);
  raise_serial();
  assert_reported(5);
  assert_repaired(8);
}

static void entry_with_the_id_of_another_is_reported_and_removed(void **state)
{
  BYTE first[PACKED_SIZE], second[PACKED_SIZE];

  install();
  read_item(3, first);
  read_item(7, second);
  memcpy(second + PACKED_ID, first + PACKED_ID, sizeof(DWORD));
  write_item(7, second, PACKED_SIZE);
  raise_serial();
  assert_reported(7);
  assert_repaired(8);
}

static void chain_with_a_missing_element_alone_is_reported_and_removed(void **state)
{
  static const DWORD chain[] = {2, 4711, 1001};
  BYTE item[PACKED_SIZE];

  install();
  read_item(1, item);
  memcpy(item + PACKED_CHAIN, chain, sizeof chain);
  write_item(1, item, PACKED_SIZE);
  raise_serial();
  assert_reported(1);
  assert_int_equal(tool("catalog", "which", "TCP", NULL), EXIT_DONE);
  assert_int_equal(installed_id(0), 1001);
  assert_repaired(8);
}

static void repair_keeps_the_order(void **state)
{
  struct listing listing;
  BYTE item[PACKED_SIZE];

  assert_int_equal(tool("catalog", "order", "1006", "1003", NULL), EXIT_DONE);
  read_item(2, item);
  write_item(2, item, PACKED_SIZE - 1);
  raise_serial();
  assert_repaired(5);
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  assert_int_equal(listing.entries[0].ProtocolInfo.dwCatalogEntryId, 1006);
  assert_int_equal(listing.entries[1].ProtocolInfo.dwCatalogEntryId, 1001);
  assert_int_equal(listing.entries[4].ProtocolInfo.dwCatalogEntryId, 1005);
  listing_free(&listing);
}

static void list_leaves_out_unusable_entries_with_a_message(void **state)
{
  char expected[128];
  BYTE item[PACKED_SIZE];

  read_item(6, item);
  write_item(6, item, 1);
  raise_serial();
  assert_int_equal(tool("catalog", "list", native_option, NULL), EXIT_DONE);
  snprintf(expected, sizeof expected,
           "the %d-bit catalog has unusable entries or other problems (1); see ws2spi catalog "
           "check\n",
           width_bits(WS2SPI_WIDTH_NATIVE));
  assert_string_equal(printed_diagnostics(), expected);
  assert_null(strstr(printed(), "RAW/IPv6"));
}

static void repair_refuses_a_width_that_does_not_exist(void **state)
{
  int error = -1;

  assert_int_equal(Ws2SpiRepairCatalog(0, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  error = -1;
  assert_int_equal(Ws2SpiRepairCatalog(4, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(Ws2SpiRepairCatalog(WS2SPI_WIDTH_BOTH, NULL), SOCKET_ERROR);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(short_item_alone_is_reported_and_removed, reset_catalogs),
      cmocka_unit_test_setup(name_without_a_terminator_alone_is_reported_and_removed,
                             reset_catalogs),
      cmocka_unit_test_setup(entry_with_the_id_of_another_is_reported_and_removed, reset_catalogs),
      cmocka_unit_test_setup(chain_with_a_missing_element_alone_is_reported_and_removed,
                             reset_catalogs),
      cmocka_unit_test_setup(repair_keeps_the_order, reset_catalogs),
      cmocka_unit_test_setup(list_leaves_out_unusable_entries_with_a_message, reset_catalogs),
      cmocka_unit_test_setup(repair_refuses_a_width_that_does_not_exist, reset_catalogs),
  };

  return cmocka_run_group_tests(tests, NULL, reset_catalogs);
}
