#include "support/cmocka_headers.h"

#include "tool_run.h"

#define LSP_GUID "{0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0}"

static const GUID lsp_guid = {
    0x0F1E2D3C, 0x4B5A, 0x6978, {0x87, 0x96, 0xA5, 0xB4, 0xC3, 0xD2, 0xE1, 0xF0}};

static const char *dll(void)
{
  return beside_test("fake_lsp.dll");
}

static size_t native_count(void)
{
  struct listing listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  const size_t count = listing.count;

  listing_free(&listing);
  return count;
}

/* Nothing was changed, and this is the error message. */
static void assert_refused(enum exit_code code, enum exit_code expected, size_t count,
                           const char *message)
{
  assert_string_equal(printed_diagnostics(), message);
  assert_int_equal(code, expected);
  assert_string_equal(printed(), "");
  assert_int_equal(native_count(), count);
}

static void chains_come_before_the_base_entries_and_the_dummy_last(void **state)
{
  static const WCHAR *const names[] = {
      L"Layer over [MSAFD Tcpip [TCP/IP]]",   L"Layer over [MSAFD Tcpip [UDP/IP]]",
      L"Layer over [MSAFD Tcpip [RAW/IP]]",   L"Layer over [MSAFD Tcpip [TCP/IPv6]]",
      L"Layer over [MSAFD Tcpip [UDP/IPv6]]", L"Layer over [MSAFD Tcpip [RAW/IPv6]]"};
  struct listing listing;
  DWORD dummy;

  assert_int_equal(tool("catalog", "install", dll(), "--name", "Layer", NULL), EXIT_DONE);
  assert_string_equal(printed_diagnostics(), "");
  dummy = installed_id(0);
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  assert_int_equal(listing.count, 13);
  for (size_t i = 0; i < 6; i++) {
    const WSAPROTOCOL_INFOW *const chain = &listing.entries[i].ProtocolInfo;
    const WSAPROTOCOL_INFOW *const base = &listing.entries[6 + i].ProtocolInfo;

    assert_memory_equal(chain->szProtocol, names[i], (wcslen(names[i]) + 1) * sizeof(WCHAR));
    assert_int_equal(chain->dwCatalogEntryId, installed_id((int)i + 1));
    assert_int_equal(base->dwCatalogEntryId, 1001 + i);
    assert_int_equal(chain->ProtocolChain.ChainLen, 2);
    assert_int_equal(chain->ProtocolChain.ChainEntries[0], dummy);
    assert_int_equal(chain->ProtocolChain.ChainEntries[1], 1001 + i);
    assert_int_equal(chain->dwServiceFlags1, base->dwServiceFlags1);
    assert_int_equal(chain->dwProviderFlags, base->dwProviderFlags);
  }
  assert_int_equal(listing.entries[12].ProtocolInfo.dwCatalogEntryId, dummy);
  assert_int_equal(listing.entries[12].ProtocolInfo.ProtocolChain.ChainLen, LAYERED_PROTOCOL);
  assert_true(listing.entries[12].ProtocolInfo.dwProviderFlags & PFL_HIDDEN);
  listing_free(&listing);
}

static void installed_layer_passes_the_check_and_is_selected(void **state)
{
  DWORD tcp;

  assert_int_equal(tool("catalog", "install", dll(), "--name", "Layer", "--all", NULL), EXIT_DONE);
  tcp = installed_id(1);
  assert_int_equal(tool("catalog", "check", native_option, NULL), EXIT_DONE);
  assert_int_equal(tool("catalog", "which", "TCP", NULL), EXIT_DONE);
  assert_int_equal(installed_id(0), tcp);
}

static void layer_is_installed_over_the_given_entries(void **state)
{
  struct listing listing;

  assert_int_equal(
      tool("catalog", "install", dll(), "--name", "Layer", "--over", "1002", "1001", NULL),
      EXIT_DONE);
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  assert_int_equal(listing.count, 9);
  assert_int_equal(listing.entries[0].ProtocolInfo.ProtocolChain.ChainEntries[1], 1002);
  assert_int_equal(listing.entries[1].ProtocolInfo.ProtocolChain.ChainEntries[1], 1001);
  listing_free(&listing);
}

static void provider_id_and_flags_are_as_given(void **state)
{
  struct listing listing;
  const WSAPROTOCOL_INFOW *dummy, *chain;

  assert_int_equal(tool("catalog", "install", dll(), "--name", "Layer", "--non-ifs", "--guid",
                        LSP_GUID, "--over=1001", NULL),
                   EXIT_DONE);
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  chain = &listing.entries[0].ProtocolInfo;
  dummy = &listing.entries[7].ProtocolInfo;
  assert_memory_equal(&dummy->ProviderId, &lsp_guid, sizeof lsp_guid);
  assert_memory_not_equal(&chain->ProviderId, &lsp_guid, sizeof lsp_guid);
  assert_int_equal(dummy->dwServiceFlags1 & XP1_IFS_HANDLES, 0);
  assert_int_equal(chain->dwServiceFlags1 & XP1_IFS_HANDLES, 0);
  listing_free(&listing);
}

static void second_layer_is_installed_over_the_first(void **state)
{
  struct listing listing;
  const WSAPROTOCOLCHAIN *chain;
  DWORD first_chain;

  assert_int_equal(tool("catalog", "install", dll(), "--name", "First", NULL), EXIT_DONE);
  first_chain = installed_id(1);
  assert_int_equal(tool("catalog", "install", dll(), "--name", "Second", NULL), EXIT_DONE);
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  assert_int_equal(listing.count, 20);
  chain = &listing.entries[0].ProtocolInfo.ProtocolChain;
  assert_int_equal(chain->ChainLen, 3);
  assert_int_equal(chain->ChainEntries[0], installed_id(0));
  assert_int_equal(chain->ChainEntries[1], first_chain);
  assert_int_equal(chain->ChainEntries[2], 1001);
  listing_free(&listing);
  assert_int_equal(tool("catalog", "check", native_option, NULL), EXIT_DONE);
}

static void chain_of_the_greatest_length_is_refused(void **state)
{
  char expected[256];
  DWORD top = 1001;

  for (char layer[] = "Layer 1"; layer[6] <= '6'; layer[6]++) {
    assert_int_equal(
        tool("catalog", "install", dll(), "--name", layer, "--over", number(top), NULL), EXIT_DONE);
    top = installed_id(1);
  }
  snprintf(
      expected, sizeof expected,
      "entry %lu \"Layer 6 over [Layer 5 over [Layer 4 over [Layer 3 over [Layer 2 over "
      "[Layer 1 over [MSAFD Tcpip [TCP/IP]]]]]]]\" already has a chain of the greatest length\n",
      top);
  assert_refused(
      tool("catalog", "install", dll(), "--name", "Layer 7", "--over", number(top), NULL),
      EXIT_REFUSED, 18, expected);
}

static void ifs_layer_over_a_non_ifs_layer_is_refused(void **state)
{
  char expected[256];

  assert_int_equal(
      tool("catalog", "install", dll(), "--name", "First", "--non-ifs", "--over=1001", NULL),
      EXIT_DONE);
  snprintf(expected, sizeof expected,
           "entry %lu \"First over [MSAFD Tcpip [TCP/IP]]\" does not have IFS handles, so only a "
           "--non-ifs layer can be installed over it\n",
           installed_id(1));
  assert_refused(tool("catalog", "install", dll(), "--name", "Second", NULL), EXIT_REFUSED, 8,
                 expected);
  assert_int_equal(tool("catalog", "install", dll(), "--name", "Second", "--non-ifs", NULL),
                   EXIT_DONE);
}

static void unsuitable_entries_for_over_are_refused(void **state)
{
  char expected[128];
  DWORD dummy;

  assert_int_equal(tool("catalog", "install", dll(), "--name", "First", "--over=1001", NULL),
                   EXIT_DONE);
  dummy = installed_id(0);
  snprintf(expected, sizeof expected,
           "entry %lu \"First\" is the dummy entry of a layer; choose one of the layer's chain "
           "entries\n",
           dummy);
  assert_refused(
      tool("catalog", "install", dll(), "--name", "Second", "--over", number(dummy), NULL),
      EXIT_REFUSED, 8, expected);
  snprintf(expected, sizeof expected, "the %d-bit catalog has no entry 4711\n",
           width_bits(WS2SPI_WIDTH_NATIVE));
  assert_refused(tool("catalog", "install", dll(), "--name", "Second", "--over=1001,4711", NULL),
                 EXIT_REFUSED, 8, expected);
  assert_refused(tool("catalog", "install", dll(), "--name", "Second", "--over=1001,1001", NULL),
                 EXIT_USAGE, 8, "entry 1001 is given twice\n");
}

static void name_or_provider_id_in_use_is_refused(void **state)
{
  char expected[128];

  assert_int_equal(
      tool("catalog", "install", dll(), "--name", "First", "--guid", LSP_GUID, "--over=1001", NULL),
      EXIT_DONE);
  snprintf(expected, sizeof expected,
           "entry %lu \"First\" of the %d-bit catalog already has this name or provider id\n",
           installed_id(0), width_bits(WS2SPI_WIDTH_NATIVE));
  assert_refused(tool("catalog", "install", dll(), "--name", "First", NULL), EXIT_REFUSED, 8,
                 expected);
  assert_refused(tool("catalog", "install", dll(), "--name", "Other", "--guid", LSP_GUID, NULL),
                 EXIT_REFUSED, 8, expected);
  /* Names are compared with case, as WSCInstallProviderAndChains does. */
  assert_int_equal(tool("catalog", "install", dll(), "--name", "fIRST", "--over=1001", NULL),
                   EXIT_DONE);
  assert_int_equal(native_count(), 10);
}

static void file_that_cannot_be_a_provider_is_refused(void **state)
{
  static const struct {
    const char *file;
    const char *reason;
  } cases[] = {
      {"no such.dll", " cannot be opened\n"},
      {"no_startup.dll", " does not export WSPStartup under its undecorated name\n"},
      {"ws2spi.exe", " is not a DLL for x86 or x86-64\n"},
  };
  char expected[1024];

  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const enum exit_code code =
        tool("catalog", "install", beside_test(cases[i].file), "--name", "Layer", NULL);

    snprintf(expected, sizeof expected, "%s%s", beside_test(cases[i].file), cases[i].reason);
    assert_refused(code, EXIT_REFUSED, 6, expected);
  }
}

static void dll_of_the_other_word_size_is_installed_in_its_catalog(void **state)
{
#ifdef _WIN64
  static const char other[] = "%SystemRoot%\\syswow64\\mswsock.dll";
#else
  static const char other[] = "%SystemRoot%\\Sysnative\\mswsock.dll";
#endif
  char expected[128];
  struct listing listing;

  snprintf(expected, sizeof expected,
           "%s is a %d-bit DLL, which only the %d-bit catalog can have\n", other,
           96 - width_bits(WS2SPI_WIDTH_NATIVE), 96 - width_bits(WS2SPI_WIDTH_NATIVE));
  assert_refused(tool("catalog", "install", other, "--name", "Layer", native_option, NULL),
                 EXIT_REFUSED, 6, expected);
  assert_int_equal(tool("catalog", "install", other, "--name", "Layer", "--over=1001", NULL),
                   EXIT_DONE);
  assert_int_equal(native_count(), 6);
  listing = catalog_of(WS2SPI_WIDTH_BOTH ^ WS2SPI_WIDTH_NATIVE);
  assert_int_equal(listing.count, 8);
  listing_free(&listing);
}

static void path_with_environment_strings_is_stored_as_given(void **state)
{
  static const WCHAR stored[] = L"%SystemRoot%\\system32\\mswsock.dll";
  struct listing listing;

  assert_int_equal(tool("catalog", "install", "%SystemRoot%\\system32\\mswsock.dll", "--name",
                        "Layer", "--over=1001", NULL),
                   EXIT_DONE);
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  assert_memory_equal(listing.entries[0].szPath, stored, sizeof stored);
  listing_free(&listing);
}

static void relative_path_is_stored_as_a_full_path(void **state)
{
  WCHAR folder[MAX_PATH], before[MAX_PATH], file[MAX_PATH];
  struct listing listing;

  GetModuleFileNameW(NULL, folder, MAX_PATH);
  *wcsrchr(folder, L'\\') = 0;
  assert_true(GetCurrentDirectoryW(MAX_PATH, before) > 0);
  assert_true(SetCurrentDirectoryW(folder));
  assert_int_equal(
      tool("catalog", "install", "fake_lsp.dll", "--name", "Layer", "--over=1001", NULL),
      EXIT_DONE);
  assert_true(SetCurrentDirectoryW(before));
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  wcscpy(file, folder);
  wcscat(file, L"\\fake_lsp.dll");
  assert_int_equal(_wcsicmp(listing.entries[0].szPath, file), 0);
  listing_free(&listing);
}

static void name_may_have_1_to_255_characters(void **state)
{
  char name[WSAPROTOCOL_LEN + 2] = {0};
  struct listing listing;

  memset(name, 'n', WSAPROTOCOL_LEN + 1);
  assert_refused(tool("catalog", "install", dll(), "--name", name, NULL), EXIT_USAGE, 6,
                 "the name must have 1 to 255 characters\n");
  assert_refused(tool("catalog", "install", dll(), "--name", "", NULL), EXIT_USAGE, 6,
                 "the name must have 1 to 255 characters\n");
  name[WSAPROTOCOL_LEN] = '\0';
  assert_int_equal(tool("catalog", "install", dll(), "--name", name, "--over=1001", NULL),
                   EXIT_DONE);
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  assert_int_equal(wcslen(listing.entries[7].ProtocolInfo.szProtocol), WSAPROTOCOL_LEN);
  assert_int_equal(wcslen(listing.entries[0].ProtocolInfo.szProtocol), WSAPROTOCOL_LEN);
  listing_free(&listing);
}

static void missing_and_contradicting_options_are_refused(void **state)
{
  assert_refused(tool("catalog", "install", dll(), NULL), EXIT_USAGE, 6,
                 "install needs --name NAME\n");
  assert_refused(tool("catalog", "install", dll(), "--name", "Layer", "--all", "--over=1001", NULL),
                 EXIT_USAGE, 6, "--over and --all cannot be combined\n");
  assert_refused(tool("catalog", "install", dll(), "--name", "Layer", "--guid", "1001", NULL),
                 EXIT_USAGE, 6, "\"1001\" is not a GUID\n");
  assert_refused(tool("catalog", "install", "--name", "Layer", NULL), EXIT_USAGE, 6,
                 "usage: ws2spi catalog install DLL --name NAME [--over ID... | --all] "
                 "[--non-ifs] [--guid GUID]\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(chains_come_before_the_base_entries_and_the_dummy_last,
                             reset_catalogs),
      cmocka_unit_test_setup(installed_layer_passes_the_check_and_is_selected, reset_catalogs),
      cmocka_unit_test_setup(layer_is_installed_over_the_given_entries, reset_catalogs),
      cmocka_unit_test_setup(provider_id_and_flags_are_as_given, reset_catalogs),
      cmocka_unit_test_setup(second_layer_is_installed_over_the_first, reset_catalogs),
      cmocka_unit_test_setup(chain_of_the_greatest_length_is_refused, reset_catalogs),
      cmocka_unit_test_setup(ifs_layer_over_a_non_ifs_layer_is_refused, reset_catalogs),
      cmocka_unit_test_setup(unsuitable_entries_for_over_are_refused, reset_catalogs),
      cmocka_unit_test_setup(name_or_provider_id_in_use_is_refused, reset_catalogs),
      cmocka_unit_test_setup(file_that_cannot_be_a_provider_is_refused, reset_catalogs),
      cmocka_unit_test_setup(dll_of_the_other_word_size_is_installed_in_its_catalog,
                             reset_catalogs),
      cmocka_unit_test_setup(path_with_environment_strings_is_stored_as_given, reset_catalogs),
      cmocka_unit_test_setup(relative_path_is_stored_as_a_full_path, reset_catalogs),
      cmocka_unit_test_setup(name_may_have_1_to_255_characters, reset_catalogs),
      cmocka_unit_test_setup(missing_and_contradicting_options_are_refused, reset_catalogs),
  };

  return cmocka_run_group_tests(tests, NULL, reset_catalogs);
}
