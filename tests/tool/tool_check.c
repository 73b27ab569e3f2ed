#include "support/cmocka_headers.h"

#include "captured_output.h"
#include "fake_catalog.h"
#include "tool/catalog_calls.h"
#include "tool/commands.h"
#include "tool/image_file.h"

#include <wchar.h>

/* In place of reading files: by the path. */
struct image image_read(const WCHAR *path)
{
  if (wcsstr(path, L"missing") != NULL)
    return (struct image){IMAGE_NOT_THERE, 0};
  if (wcsstr(path, L"text") != NULL)
    return (struct image){IMAGE_NO_DLL, 0};
  if (wcsstr(path, L"plain") != NULL)
    return (struct image){IMAGE_NO_STARTUP, WS2SPI_WIDTH_64};
  return (struct image){IMAGE_OK,
                        wcsstr(path, L"narrow") != NULL ? WS2SPI_WIDTH_32 : WS2SPI_WIDTH_64};
}

/* In place of the catalog's own. */
static DWORD repaired_widths;
static int repair_error;

int catalog_repair(DWORD widths)
{
  repaired_widths |= widths;
  return repair_error;
}

static int start(void **state)
{
  repaired_widths = 0;
  repair_error = 0;
  given_nothing();
  forget_output();
  return 0;
}

static enum exit_code check(void)
{
  const struct request request = {.widths = WS2SPI_WIDTH_64};

  forget_output();
  return command_check(&request, 0, NULL);
}

static void assert_finding(const char *findings)
{
  assert_int_equal(check(), EXIT_NO);
  assert_string_equal(printed(), findings);
  assert_string_equal(complained(), "");
}

/* A layer 1007 "Layer" over all three, in the order an installer leaves. */
static void given_sound_layer(void)
{
  given_chain(1008, L"Layer over [TCP]", 2, (DWORD[]){1007, 1001});
  given_chain(1009, L"Layer over [UDP]", 2, (DWORD[]){1007, 1002});
  given_chain(1010, L"Layer over [RAW]", 2, (DWORD[]){1007, 1003});
  given_three_bases();
  given_dummy(1007, L"Layer");
  /* Chains were appended before what they are over, and know nothing of it yet. */
}

static WS2SPI_CATALOG_ENTRY *given_tcp_chain(void)
{
  WS2SPI_CATALOG_ENTRY *const chain =
      given_chain(1008, L"Layer over [TCP]", 2, (DWORD[]){1007, 1001});

  chain->ProtocolInfo.iAddressFamily = AF_INET;
  chain->ProtocolInfo.iSocketType = SOCK_STREAM;
  return chain;
}

static void sound_catalog_is_sound(void **state)
{
  given_sound_layer();
  assert_int_equal(check(), EXIT_DONE);
  assert_string_equal(printed(), "The 64-bit catalog is sound: 7 entries.\n");
  assert_string_equal(complained(), "");
}

static void both_catalogs_are_checked_and_one_bad_one_is_enough(void **state)
{
  const struct request request = {0};

  given_three_bases();
  given_dummy(1007, L"Layer");
  wcscpy(given_dummy(1007, L"Layer")->szPath, L"C:\\missing.dll");
  given_is_32();
  given_three_bases();
  assert_int_equal(command_check(&request, 0, NULL), EXIT_NO);
  assert_printed_begins("The 64-bit catalog is sound: 3 entries.\n32-bit catalog, ");
}

static void entry_that_the_store_skips_is_found(void **state)
{
  given_three_bases();
  given_fault(4, 0, "too short");
  given_fault(5, 1011, "its chain names an entry that does not exist");
  assert_finding("64-bit catalog, position 4\n"
                 "    cannot be used: too short\n"
                 "    repair: ws2spi catalog repair --64, which removes it\n"
                 "64-bit catalog, position 5, entry 1011\n"
                 "    cannot be used: its chain names an entry that does not exist\n"
                 "    repair: ws2spi catalog repair --64, which removes it\n");
}

static void fault_of_the_whole_catalog_is_found(void **state)
{
  given_three_bases();
  given_fault(0, 0, "the next catalog id is missing");
  assert_finding("64-bit catalog\n"
                 "    the next catalog id is missing\n"
                 "    repair: ws2spi catalog repair --64\n");
}

static void chain_over_nothing_is_found(void **state)
{
  given_chain(1008, L"Lost", 2, (DWORD[]){1007, 4711});
  given_dummy(1007, L"Layer");
  assert_finding("64-bit catalog, entry 1008 \"Lost\"\n"
                 "    its chain needs entry 4711, which is not there\n"
                 "    repair: ws2spi catalog remove --64 1008\n");
}

static void missing_dll_is_found(void **state)
{
  given_sound_layer();
  wcscpy(given_dummy(1020, L"Other")->szPath, L"C:\\missing.dll");
  given_chain(1021, L"Other over [TCP]", 2, (DWORD[]){1020, 1001});
  assert_int_equal(check(), EXIT_NO);
  assert_non_null(strstr(printed(),
                         "64-bit catalog, entry 1020 \"Other\"\n"
                         "    its DLL cannot be opened: C:\\missing.dll\n"
                         "    repair: put the right file there, or ws2spi catalog remove "
                         "--64 1020\n"));
}

static void assert_dll_finding(const WCHAR *path, const char *finding)
{
  given_nothing();
  given_tcp_chain();
  given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  wcscpy(given_dummy(1007, L"Layer")->szPath, path);
  assert_int_equal(check(), EXIT_NO);
  assert_printed_begins("64-bit catalog, entry 1007 \"Layer\"\n    ");
  assert_memory_equal(printed() + 39, finding, strlen(finding));
  assert_non_null(strstr(printed(), "catalog remove --64 1007"));
}

static void dll_that_cannot_be_loaded_is_found(void **state)
{
  assert_dll_finding(L"C:\\text.dll", "its DLL is none for x86 or x86-64: C:\\text.dll\n");
  assert_dll_finding(L"C:\\narrow.dll", "its DLL is a 32-bit one: C:\\narrow.dll\n");
  assert_dll_finding(L"C:\\plain.dll",
                     "its DLL does not export WSPStartup under that name: C:\\plain.dll\n");
  assert_dll_finding(L"layer.dll", "the path of its DLL is not absolute: layer.dll\n");
  assert_dll_finding(L"", "the path of its DLL is not absolute: \n");
  assert_dll_finding(L"%no_such_variable%\\layer.dll",
                     "the path of its DLL is not absolute: %no_such_variable%\\layer.dll\n");
}

static void path_of_a_base_entry_is_not_looked_at(void **state)
{
  wcscpy(given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP)->szPath, L"missing.dll");
  assert_int_equal(check(), EXIT_DONE);
}

static void id_that_two_entries_have_is_found(void **state)
{
  given_three_bases();
  given_base(1002, L"Twin", AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  assert_int_equal(check(), EXIT_NO);
  assert_non_null(strstr(printed(), "    another entry has the id 1002 too\n"
                                    "    repair: ws2spi catalog remove --64 {E70F1AA0-AB8B-11CF-"
                                    "8CA3-00805F48A192}\n"));
}

static void provider_id_of_two_dlls_is_found(void **state)
{
  WS2SPI_CATALOG_ENTRY *chain;

  chain = given_tcp_chain();
  given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_dummy(1007, L"Layer");
  chain->ProtocolInfo.ProviderId.Data1 = 1007;
  assert_int_equal(check(), EXIT_DONE);
  wcscpy(chain->szPath, L"C:\\other.dll");
  assert_finding(
      "64-bit catalog, entry 1007 \"Layer\"\n"
      "    has the provider id {000003EF-0000-0000-0000-000000000000} of entry 1008, "
      "and another DLL\n"
      "    repair: ws2spi catalog remove --64 {000003EF-0000-0000-0000-000000000000}, and "
      "install each anew with an id of its own\n");
}

static void dummy_without_chains_is_found(void **state)
{
  given_three_bases();
  given_dummy(1007, L"Layer");
  assert_finding("64-bit catalog, entry 1007 \"Layer\"\n"
                 "    no chain uses this layer\n"
                 "    repair: ws2spi catalog remove --64 1007\n");
}

static void dummy_before_its_chains_is_found(void **state)
{
  given_dummy(1007, L"Layer");
  given_chain(1009, L"Layer over [UDP]", 2, (DWORD[]){1007, 1002});
  given_chain(1008, L"Layer over [TCP]", 2, (DWORD[]){1007, 1001});
  given_three_bases();
  assert_finding("64-bit catalog, entry 1007 \"Layer\"\n"
                 "    this dummy stands before chains of its layer\n"
                 "    repair: ws2spi catalog order --64 1009 1008\n");
}

static void chain_behind_what_it_is_over_is_found(void **state)
{
  given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_tcp_chain();
  given_dummy(1007, L"Layer");
  assert_finding("64-bit catalog, entry 1008 \"Layer over [TCP]\"\n"
                 "    stands behind entry 1001, over which it is layered, so that no socket() gets "
                 "it\n"
                 "    repair: ws2spi catalog order --64 1008\n");
}

static void layer_of_handles_over_one_that_makes_its_own_is_found(void **state)
{
  given_chain(1012, L"Upper over [Layer over [TCP]]", 3, (DWORD[]){1011, 1008, 1001})
      ->ProtocolInfo.dwServiceFlags1 = XP1_IFS_HANDLES;
  given_tcp_chain()->ProtocolInfo.dwServiceFlags1 = 0;
  given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_dummy(1007, L"Layer");
  given_dummy(1011, L"Upper");
  assert_finding(
      "64-bit catalog, entry 1012 \"Upper over [Layer over [TCP]]\"\n"
      "    hands out the handles of the layer below, but entry 1008 in its chain, "
      "\"Layer over [TCP]\", makes its own\n"
      "    repair: ws2spi catalog remove --64 1012, and install it anew before the other "
      "one\n");
}

static void layer_over_tcp_alone_is_found(void **state)
{
  given_tcp_chain();
  given_three_bases();
  given_base(1004, L"TCPv6", AF_INET6, SOCK_STREAM, IPPROTO_TCP);
  given_dummy(1007, L"Layer");
  assert_finding("64-bit catalog, entry 1007 \"Layer\"\n"
                 "    covers some protocols and not UDP, RAW, TCPv6, with which programs mix them\n"
                 "    repair: ws2spi catalog remove --64 1007, and install it anew with --all\n");
}

static void layer_over_another_family_need_not_cover_tcp(void **state)
{
  given_chain(1008, L"Bluetooth chain", 2, (DWORD[]){1007, 1020})->ProtocolInfo.iAddressFamily = 32;
  given_base(1020, L"Bluetooth", 32, SOCK_STREAM, 3);
  given_three_bases();
  given_dummy(1007, L"Layer");
  assert_int_equal(check(), EXIT_DONE);
}

static void several_layers_are_told_apart(void **state)
{
  given_chain(1018, L"Other over [TCP]", 2, (DWORD[]){1017, 1001});
  given_sound_layer();
  given_dummy(1017, L"Other");
  given_dummy(1027, L"Third");
  assert_finding("64-bit catalog, entry 1027 \"Third\"\n"
                 "    no chain uses this layer\n"
                 "    repair: ws2spi catalog remove --64 1027\n");
}

/* --- repair ------------------------------------------------------------------------------------- */

static void only_catalogs_with_broken_entries_are_repaired(void **state)
{
  const struct request request = {0};

  given_three_bases();
  assert_int_equal(command_repair(&request, 0, NULL), EXIT_DONE);
  assert_int_equal(repaired_widths, 0);
  given_fault(0, 0, "wrong number");
  given_fault(4, 0, "too short");
  given_is_32();
  assert_int_equal(command_repair(&request, 0, NULL), EXIT_DONE);
  assert_int_equal(repaired_widths, WS2SPI_WIDTH_32);
  assert_string_equal(printed(), "32-bit catalog: wrong number\n"
                                 "32-bit catalog, position 4: too short\n");
}

static void failure_to_repair_is_reported(void **state)
{
  const struct request request = {0};

  given_fault(1, 0, "too short");
  repair_error = WSANO_RECOVERY;
  assert_int_equal(command_repair(&request, 0, NULL), EXIT_FAILED);
  assert_int_equal(repaired_widths, WS2SPI_WIDTH_64);
  assert_string_equal(complained(), "the catalog cannot be repaired: WSANO_RECOVERY (11003)\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(sound_catalog_is_sound, start),
      cmocka_unit_test_setup(both_catalogs_are_checked_and_one_bad_one_is_enough, start),
      cmocka_unit_test_setup(entry_that_the_store_skips_is_found, start),
      cmocka_unit_test_setup(fault_of_the_whole_catalog_is_found, start),
      cmocka_unit_test_setup(chain_over_nothing_is_found, start),
      cmocka_unit_test_setup(missing_dll_is_found, start),
      cmocka_unit_test_setup(dll_that_cannot_be_loaded_is_found, start),
      cmocka_unit_test_setup(path_of_a_base_entry_is_not_looked_at, start),
      cmocka_unit_test_setup(id_that_two_entries_have_is_found, start),
      cmocka_unit_test_setup(provider_id_of_two_dlls_is_found, start),
      cmocka_unit_test_setup(dummy_without_chains_is_found, start),
      cmocka_unit_test_setup(dummy_before_its_chains_is_found, start),
      cmocka_unit_test_setup(chain_behind_what_it_is_over_is_found, start),
      cmocka_unit_test_setup(layer_of_handles_over_one_that_makes_its_own_is_found, start),
      cmocka_unit_test_setup(layer_over_tcp_alone_is_found, start),
      cmocka_unit_test_setup(layer_over_another_family_need_not_cover_tcp, start),
      cmocka_unit_test_setup(several_layers_are_told_apart, start),
      cmocka_unit_test_setup(only_catalogs_with_broken_entries_are_repaired, start),
      cmocka_unit_test_setup(failure_to_repair_is_reported, start),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
