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

/* Nothing was changed, and the complaint is this. */
static void assert_refused(enum exit_code code, enum exit_code expected, size_t count,
                           const char *complaint)
{
  assert_string_equal(complained(), complaint);
  assert_int_equal(code, expected);
  assert_string_equal(printed(), "");
  assert_int_equal(native_count(), count);
}

static void layer_over_all_is_installed_in_the_order_that_programs_need(void **state)
{
  static const WCHAR *const names[] = {
      L"Layer over [MSAFD Tcpip [TCP/IP]]",   L"Layer over [MSAFD Tcpip [UDP/IP]]",
      L"Layer over [MSAFD Tcpip [RAW/IP]]",   L"Layer over [MSAFD Tcpip [TCP/IPv6]]",
      L"Layer over [MSAFD Tcpip [UDP/IPv6]]", L"Layer over [MSAFD Tcpip [RAW/IPv6]]"};
  struct listing listing;
  DWORD dummy;

  assert_int_equal(tool("catalog", "install", dll(), "--name", "Layer", NULL), EXIT_DONE);
  assert_string_equal(complained(), "");
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

static void what_is_installed_is_sound_and_serves_programs(void **state)
{
  DWORD tcp;

  assert_int_equal(tool("catalog", "install", dll(), "--name", "Layer", "--all", NULL), EXIT_DONE);
  tcp = installed_id(1);
  assert_int_equal(tool("catalog", "check", native_option, NULL), EXIT_DONE);
  assert_int_equal(tool("catalog", "which", "TCP", NULL), EXIT_DONE);
  assert_int_equal(installed_id(0), tcp);
}

static void layer_goes_over_the_entries_that_are_named(void **state)
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

static void provider_id_and_flags_are_those_asked_for(void **state)
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

static void second_layer_goes_over_the_first(void **state)
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

static void chain_that_is_full_is_named(void **state)
{
  char expected[256];
  DWORD top = 1001;

  for (char layer[] = "Layer 1"; layer[6] <= '6'; layer[6]++) {
    assert_int_equal(
        tool("catalog", "install", dll(), "--name", layer, "--over", number(top), NULL), EXIT_DONE);
    top = installed_id(1);
  }
  snprintf(expected, sizeof expected,
           "entry %lu, \"Layer 6 over [Layer 5 over [Layer 4 over [Layer 3 over [Layer 2 over "
           "[Layer 1 over [MSAFD Tcpip [TCP/IP]]]]]]]\", has a full chain already\n",
           top);
  assert_refused(
      tool("catalog", "install", dll(), "--name", "Layer 7", "--over", number(top), NULL),
      EXIT_REFUSED, 18, expected);
}

static void layer_of_handles_does_not_go_over_one_that_makes_its_own(void **state)
{
  char expected[256];

  assert_int_equal(
      tool("catalog", "install", dll(), "--name", "First", "--non-ifs", "--over=1001", NULL),
      EXIT_DONE);
  snprintf(expected, sizeof expected,
           "entry %lu, \"First over [MSAFD Tcpip [TCP/IP]]\", hands out handles of its own, so "
           "that only a --non-ifs layer can go over it\n",
           installed_id(1));
  assert_refused(tool("catalog", "install", dll(), "--name", "Second", NULL), EXIT_REFUSED, 8,
                 expected);
  assert_int_equal(tool("catalog", "install", dll(), "--name", "Second", "--non-ifs", NULL),
                   EXIT_DONE);
}

static void entry_to_go_over_must_be_there_and_usable_and_named_once(void **state)
{
  char expected[128];
  DWORD dummy;

  assert_int_equal(tool("catalog", "install", dll(), "--name", "First", "--over=1001", NULL),
                   EXIT_DONE);
  dummy = installed_id(0);
  snprintf(expected, sizeof expected,
           "entry %lu, \"First\", is the dummy of a layer; name one of its chains\n", dummy);
  assert_refused(
      tool("catalog", "install", dll(), "--name", "Second", "--over", number(dummy), NULL),
      EXIT_REFUSED, 8, expected);
  snprintf(expected, sizeof expected, "the %d-bit catalog has no entry 4711\n",
           width_bits(WS2SPI_WIDTH_NATIVE));
  assert_refused(tool("catalog", "install", dll(), "--name", "Second", "--over=1001,4711", NULL),
                 EXIT_REFUSED, 8, expected);
  assert_refused(tool("catalog", "install", dll(), "--name", "Second", "--over=1001,1001", NULL),
                 EXIT_USAGE, 8, "entry 1001 is named twice\n");
}

static void name_or_provider_id_that_is_taken_is_refused(void **state)
{
  char expected[128];

  assert_int_equal(
      tool("catalog", "install", dll(), "--name", "First", "--guid", LSP_GUID, "--over=1001", NULL),
      EXIT_DONE);
  snprintf(expected, sizeof expected,
           "entry %lu of the %d-bit catalog, \"First\", has this name or provider id already\n",
           installed_id(0), width_bits(WS2SPI_WIDTH_NATIVE));
  assert_refused(tool("catalog", "install", dll(), "--name", "First", NULL), EXIT_REFUSED, 8,
                 expected);
  assert_refused(tool("catalog", "install", dll(), "--name", "Other", "--guid", LSP_GUID, NULL),
                 EXIT_REFUSED, 8, expected);
  /* As WSCInstallProviderAndChains has it. */
  assert_int_equal(tool("catalog", "install", dll(), "--name", "fIRST", "--over=1001", NULL),
                   EXIT_DONE);
  assert_int_equal(native_count(), 10);
}

static void file_that_cannot_be_a_provider_is_named_and_refused(void **state)
{
  static const struct {
    const char *file;
    const char *reason;
  } cases[] = {
      {"no such.dll", " cannot be opened\n"},
      {"no_startup.dll", " does not export WSPStartup under that name\n"},
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

static void dll_of_the_other_word_size_goes_to_its_own_catalog(void **state)
{
#ifdef _WIN64
  static const char other[] = "%SystemRoot%\\syswow64\\mswsock.dll";
#else
  static const char other[] = "%SystemRoot%\\Sysnative\\mswsock.dll";
#endif
  char expected[128];
  struct listing listing;

  snprintf(expected, sizeof expected, "%s is a %d-bit DLL and can be in that catalog only\n", other,
           96 - width_bits(WS2SPI_WIDTH_NATIVE));
  assert_refused(tool("catalog", "install", other, "--name", "Layer", native_option, NULL),
                 EXIT_REFUSED, 6, expected);
  assert_int_equal(tool("catalog", "install", other, "--name", "Layer", "--over=1001", NULL),
                   EXIT_DONE);
  assert_int_equal(native_count(), 6);
  listing = catalog_of(WS2SPI_WIDTH_BOTH ^ WS2SPI_WIDTH_NATIVE);
  assert_int_equal(listing.count, 8);
  listing_free(&listing);
}

static void path_with_environment_strings_is_stored_as_it_is(void **state)
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

static void relative_path_is_stored_in_full(void **state)
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

static void name_of_255_characters_fits_and_one_more_does_not(void **state)
{
  char name[WSAPROTOCOL_LEN + 2] = {0};
  struct listing listing;

  memset(name, 'n', WSAPROTOCOL_LEN + 1);
  assert_refused(tool("catalog", "install", dll(), "--name", name, NULL), EXIT_USAGE, 6,
                 "a name has 1 to 255 characters\n");
  assert_refused(tool("catalog", "install", dll(), "--name", "", NULL), EXIT_USAGE, 6,
                 "a name has 1 to 255 characters\n");
  name[WSAPROTOCOL_LEN] = '\0';
  assert_int_equal(tool("catalog", "install", dll(), "--name", name, "--over=1001", NULL),
                   EXIT_DONE);
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  assert_int_equal(wcslen(listing.entries[7].ProtocolInfo.szProtocol), WSAPROTOCOL_LEN);
  assert_int_equal(wcslen(listing.entries[0].ProtocolInfo.szProtocol), WSAPROTOCOL_LEN);
  listing_free(&listing);
}

static void command_line_that_lacks_or_contradicts_is_refused(void **state)
{
  assert_refused(tool("catalog", "install", dll(), NULL), EXIT_USAGE, 6,
                 "install wants --name NAME\n");
  assert_refused(tool("catalog", "install", dll(), "--name", "Layer", "--all", "--over=1001", NULL),
                 EXIT_USAGE, 6, "--over and --all exclude each other\n");
  assert_refused(tool("catalog", "install", dll(), "--name", "Layer", "--guid", "1001", NULL),
                 EXIT_USAGE, 6, "\"1001\" is no GUID\n");
  assert_refused(tool("catalog", "install", "--name", "Layer", NULL), EXIT_USAGE, 6,
                 "usage: ws2spi catalog install DLL --name NAME [--over ID... | --all] "
                 "[--non-ifs] [--guid GUID]\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(layer_over_all_is_installed_in_the_order_that_programs_need,
                             reset_catalogs),
      cmocka_unit_test_setup(what_is_installed_is_sound_and_serves_programs, reset_catalogs),
      cmocka_unit_test_setup(layer_goes_over_the_entries_that_are_named, reset_catalogs),
      cmocka_unit_test_setup(provider_id_and_flags_are_those_asked_for, reset_catalogs),
      cmocka_unit_test_setup(second_layer_goes_over_the_first, reset_catalogs),
      cmocka_unit_test_setup(chain_that_is_full_is_named, reset_catalogs),
      cmocka_unit_test_setup(layer_of_handles_does_not_go_over_one_that_makes_its_own,
                             reset_catalogs),
      cmocka_unit_test_setup(entry_to_go_over_must_be_there_and_usable_and_named_once,
                             reset_catalogs),
      cmocka_unit_test_setup(name_or_provider_id_that_is_taken_is_refused, reset_catalogs),
      cmocka_unit_test_setup(file_that_cannot_be_a_provider_is_named_and_refused, reset_catalogs),
      cmocka_unit_test_setup(dll_of_the_other_word_size_goes_to_its_own_catalog, reset_catalogs),
      cmocka_unit_test_setup(path_with_environment_strings_is_stored_as_it_is, reset_catalogs),
      cmocka_unit_test_setup(relative_path_is_stored_in_full, reset_catalogs),
      cmocka_unit_test_setup(name_of_255_characters_fits_and_one_more_does_not, reset_catalogs),
      cmocka_unit_test_setup(command_line_that_lacks_or_contradicts_is_refused, reset_catalogs),
  };

  return cmocka_run_group_tests(tests, NULL, reset_catalogs);
}
