#include "support/cmocka_headers.h"

#include "tool_run.h"

#define LSP_GUID "{0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0}"

static DWORD dummy, tcp_chain, udp_chain;

static void install(const char *name)
{
  assert_int_equal(tool("catalog", "install", beside_test("fake_lsp.dll"), "--name", name,
                        "--over=1001,1002", NULL),
                   EXIT_DONE);
  dummy = installed_id(0);
  tcp_chain = installed_id(1);
  udp_chain = installed_id(2);
}

static size_t count_of(DWORD width)
{
  struct listing listing = catalog_of(width);
  const size_t count = listing.count;

  listing_free(&listing);
  return count;
}

/* The command leaves nothing but the base entries. */
static void assert_removes_all(const char *name)
{
  assert_int_equal(tool("catalog", "remove", name, NULL), EXIT_DONE);
  assert_string_equal(printed_diagnostics(), "");
  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), 6);
}

static void assert_refused(enum exit_code code, size_t count, const char *message)
{
  assert_string_equal(printed_diagnostics(), message);
  assert_int_equal(code, EXIT_REFUSED);
  assert_string_equal(printed(), "");
  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), count);
}

static void name_or_id_of_any_entry_removes_the_whole_layer(void **state)
{
  install("Layer");
  assert_removes_all("Layer");
  install("Layer");
  assert_removes_all("lAYER over [msafd Tcpip [TCP/IP]]");
  install("Layer");
  assert_removes_all(number(dummy));
  install("Layer");
  assert_removes_all(number(udp_chain));
}

static void provider_id_removes_the_whole_layer(void **state)
{
  assert_int_equal(tool("catalog", "install", beside_test("fake_lsp.dll"), "--name", "Layer",
                        "--guid", LSP_GUID, NULL),
                   EXIT_DONE);
  assert_removes_all(LSP_GUID);
}

static void removed_entries_are_printed(void **state)
{
  char expected[512];
  const int bits = width_bits(WS2SPI_WIDTH_NATIVE);

  install("Layer");
  snprintf(expected, sizeof expected,
           "removed from the %d-bit catalog: %lu Layer over [MSAFD Tcpip [TCP/IP]]\n"
           "removed from the %d-bit catalog: %lu Layer over [MSAFD Tcpip [UDP/IP]]\n"
           "removed from the %d-bit catalog: %lu Layer\n",
           bits, tcp_chain, bits, udp_chain, bits, dummy);
  assert_int_equal(tool("catalog", "remove", "Layer", NULL), EXIT_DONE);
  assert_string_equal(printed(), expected);
}

static void other_layers_stay(void **state)
{
  install("First");
  install("Second");
  assert_int_equal(tool("catalog", "remove", "First", NULL), EXIT_DONE);
  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), 9);
  assert_int_equal(tool("catalog", "remove", number(udp_chain), NULL), EXIT_DONE);
  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), 6);
}

static void layer_under_another_can_be_removed_after_it_only(void **state)
{
  char expected[256];

  install("First");
  assert_int_equal(tool("catalog", "install", beside_test("fake_lsp.dll"), "--name", "Second",
                        "--over", number(tcp_chain), NULL),
                   EXIT_DONE);
  snprintf(expected, sizeof expected,
           "entry %lu \"Second over [First over [MSAFD Tcpip [TCP/IP]]]\" of the %d-bit catalog is "
           "layered over it: remove that layer first\n",
           installed_id(1), width_bits(WS2SPI_WIDTH_NATIVE));
  assert_refused(tool("catalog", "remove", "First", NULL), 11, expected);
  assert_int_equal(tool("catalog", "remove", "Second", NULL), EXIT_DONE);
  assert_removes_all("First");
}

static void base_entries_cannot_be_removed(void **state)
{
  char expected[128];
  const int bits = width_bits(WS2SPI_WIDTH_NATIVE);

  snprintf(
      expected, sizeof expected,
      "entry 1001 of the %d-bit catalog belongs to the base provider, which cannot be removed\n",
      bits);
  assert_refused(tool("catalog", "remove", "1001", native_option, NULL), 6, expected);
  assert_refused(
      tool("catalog", "remove", "{E70F1AA0-AB8B-11CF-8CA3-00805F48A192}", native_option, NULL), 6,
      expected);
  assert_refused(tool("catalog", "remove", "MSAFD Tcpip [UDP/IP]", native_option, NULL), 6,
                 expected);
}

static void unknown_name_is_refused(void **state)
{
  assert_refused(tool("catalog", "remove", "4711", NULL), 6,
                 "no entry has the name, provider id or entry id \"4711\"\n");
  assert_refused(tool("catalog", "remove", "Nobody", NULL), 6,
                 "no entry has the name, provider id or entry id \"Nobody\"\n");
  assert_refused(tool("catalog", "remove", LSP_GUID, NULL), 6,
                 "no entry has the name, provider id or entry id \"" LSP_GUID "\"\n");
}

static DWORD install_base(GUID id, const WCHAR *name)
{
  WSAPROTOCOL_INFOW info = {.iVersion = 2,
                            .iAddressFamily = 40,
                            .iSocketType = SOCK_STREAM,
                            .ProtocolChain = {.ChainLen = BASE_PROTOCOL}};
  DWORD entry = 0;
  int error;

  wcscpy(info.szProtocol, name);
  assert_int_equal(
      Ws2SpiInstallProvider(WS2SPI_WIDTH_NATIVE, &id, L"C:\\driver.dll", &info, 1, &entry, &error),
      0);
  return entry;
}

static void name_of_two_providers_is_refused(void **state)
{
  char expected[192];
  DWORD second;

  install_base((GUID){.Data1 = 1}, L"Twin");
  second = install_base((GUID){.Data1 = 2}, L"Twin");
  snprintf(
      expected, sizeof expected,
      "several providers of the %d-bit catalog are named \"Twin\" (one has entry %lu): give an "
      "entry id instead\n",
      width_bits(WS2SPI_WIDTH_NATIVE), second);
  assert_refused(tool("catalog", "remove", "Twin", NULL), 8, expected);
  assert_int_equal(tool("catalog", "remove", number(second), NULL), EXIT_DONE);
  assert_removes_all("Twin");
}

static void layer_of_both_catalogs_is_removed_from_both(void **state)
{
  GUID id = {.Data1 = 3};
  WSAPROTOCOL_INFOW info = {.iVersion = 2, .iAddressFamily = AF_INET, .szProtocol = L"Layer"};
  int error;

  assert_int_equal(
      Ws2SpiInstallProvider(WS2SPI_WIDTH_BOTH, &id, L"C:\\layer.dll", &info, 1, NULL, &error), 0);
  assert_int_equal(tool("catalog", "remove", "Layer", native_option, NULL), EXIT_DONE);
  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), 6);
  assert_int_equal(count_of(WS2SPI_WIDTH_BOTH ^ WS2SPI_WIDTH_NATIVE), 7);
  assert_int_equal(tool("catalog", "reset", "--yes", NULL), EXIT_DONE);
  assert_int_equal(
      Ws2SpiInstallProvider(WS2SPI_WIDTH_BOTH, &id, L"C:\\layer.dll", &info, 1, NULL, &error), 0);
  assert_int_equal(tool("catalog", "remove", "Layer", NULL), EXIT_DONE);
  assert_int_equal(count_of(WS2SPI_WIDTH_NATIVE), 6);
  assert_int_equal(count_of(WS2SPI_WIDTH_BOTH ^ WS2SPI_WIDTH_NATIVE), 6);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(name_or_id_of_any_entry_removes_the_whole_layer, reset_catalogs),
      cmocka_unit_test_setup(provider_id_removes_the_whole_layer, reset_catalogs),
      cmocka_unit_test_setup(removed_entries_are_printed, reset_catalogs),
      cmocka_unit_test_setup(other_layers_stay, reset_catalogs),
      cmocka_unit_test_setup(layer_under_another_can_be_removed_after_it_only, reset_catalogs),
      cmocka_unit_test_setup(base_entries_cannot_be_removed, reset_catalogs),
      cmocka_unit_test_setup(unknown_name_is_refused, reset_catalogs),
      cmocka_unit_test_setup(name_of_two_providers_is_refused, reset_catalogs),
      cmocka_unit_test_setup(layer_of_both_catalogs_is_removed_from_both, reset_catalogs),
  };

  return cmocka_run_group_tests(tests, NULL, reset_catalogs);
}
