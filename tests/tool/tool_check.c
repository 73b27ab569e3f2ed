#include "support/cmocka_headers.h"

#include "captured_output.h"
#include "fake_catalog.h"
#include "tool/catalog_calls.h"
#include "tool/commands.h"
#include "tool/image_file.h"

#include <wchar.h>

/* Replaces reading a file: the result depends on the path. */
struct image image_read(const WCHAR *path)
{
  if (wcsstr(path, L"missing") != NULL)
    return (struct image){IMAGE_MISSING, 0};
  if (wcsstr(path, L"text") != NULL)
    return (struct image){IMAGE_NOT_A_DLL, 0};
  if (wcsstr(path, L"plain") != NULL)
    return (struct image){IMAGE_NO_STARTUP, WS2SPI_WIDTH_64};
  return (struct image){IMAGE_OK,
                        wcsstr(path, L"narrow") != NULL ? WS2SPI_WIDTH_32 : WS2SPI_WIDTH_64};
}

/* Replaces the call of the catalog. */
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

static enum exit_code check_with(unsigned options)
{
  const struct command_line line = {.given = OPTION_WIDTH | options, .widths = WS2SPI_WIDTH_64};

  forget_output();
  return command_check(&line);
}

static enum exit_code check(void)
{
  return check_with(0);
}

static void assert_finding(const char *findings)
{
  assert_int_equal(check(), EXIT_NEGATIVE);
  assert_string_equal(printed(), findings);
  assert_string_equal(printed_diagnostics(), "");
}

/* A layer 1007 "Layer" over all three, in the order in which an installer leaves it. The chains
 * are appended before the entries they are layered over, so they get no family or type. */
static void given_valid_layer(void)
{
  given_chain(1008, L"Layer over [TCP]", 2, (DWORD[]){1007, 1001});
  given_chain(1009, L"Layer over [UDP]", 2, (DWORD[]){1007, 1002});
  given_chain(1010, L"Layer over [RAW]", 2, (DWORD[]){1007, 1003});
  given_three_bases();
  given_dummy(1007, L"Layer");
}

static WS2SPI_CATALOG_ENTRY *given_tcp_chain(void)
{
  WS2SPI_CATALOG_ENTRY *const chain =
      given_chain(1008, L"Layer over [TCP]", 2, (DWORD[]){1007, 1001});

  chain->ProtocolInfo.iAddressFamily = AF_INET;
  chain->ProtocolInfo.iSocketType = SOCK_STREAM;
  return chain;
}

static void valid_catalog_has_no_findings(void **state)
{
  given_valid_layer();
  assert_int_equal(check(), EXIT_DONE);
  assert_string_equal(printed(), "64-bit catalog: no errors in 7 entries\n");
  assert_string_equal(printed_diagnostics(), "");
}

static void both_catalogs_are_checked_and_one_finding_is_enough(void **state)
{
  const struct command_line line = {0};

  given_three_bases();
  given_dummy(1007, L"Layer");
  wcscpy(given_dummy(1007, L"Layer")->szPath, L"C:\\missing.dll");
  given_is_32();
  given_three_bases();
  assert_int_equal(command_check(&line), EXIT_NEGATIVE);
  assert_printed_begins("64-bit catalog: no errors in 3 entries\n32-bit catalog, ");
}

static void entry_that_the_store_skips_is_reported(void **state)
{
  given_three_bases();
  given_problem(4, 0, "too short");
  given_problem(5, 1011, "its chain names an entry that does not exist");
  assert_finding("64-bit catalog, position 4\n"
                 "    cannot be used: too short\n"
                 "    repair: ws2spi catalog repair --64, which removes it\n"
                 "64-bit catalog, position 5, entry 1011\n"
                 "    cannot be used: its chain names an entry that does not exist\n"
                 "    repair: ws2spi catalog repair --64, which removes it\n");
}

static void problem_of_the_whole_catalog_is_reported(void **state)
{
  given_three_bases();
  given_problem(0, 0, "the next catalog id is missing");
  assert_finding("64-bit catalog\n"
                 "    the next catalog id is missing\n"
                 "    repair: ws2spi catalog repair --64\n");
}

static void chain_with_a_missing_element_is_reported(void **state)
{
  given_chain(1008, L"Lost", 2, (DWORD[]){1007, 4711});
  given_dummy(1007, L"Layer");
  assert_finding("64-bit catalog, entry 1008 \"Lost\"\n"
                 "    its chain refers to entry 4711, which does not exist\n"
                 "    repair: ws2spi catalog remove --64 1008\n");
}

static void missing_dll_is_reported(void **state)
{
  given_valid_layer();
  wcscpy(given_dummy(1020, L"Other")->szPath, L"C:\\missing.dll");
  given_chain(1021, L"Other over [TCP]", 2, (DWORD[]){1020, 1001});
  assert_int_equal(check(), EXIT_NEGATIVE);
  assert_non_null(strstr(printed(),
                         "64-bit catalog, entry 1020 \"Other\"\n"
                         "    its DLL cannot be opened: C:\\missing.dll\n"
                         "    repair: replace the file, or ws2spi catalog remove --64 1020\n"));
}

static void assert_dll_finding(const WCHAR *path, const char *finding)
{
  given_nothing();
  given_tcp_chain();
  given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  wcscpy(given_dummy(1007, L"Layer")->szPath, path);
  assert_int_equal(check(), EXIT_NEGATIVE);
  assert_printed_begins("64-bit catalog, entry 1007 \"Layer\"\n    ");
  assert_memory_equal(printed() + 39, finding, strlen(finding));
  assert_non_null(strstr(printed(), "catalog remove --64 1007"));
}

static void dll_that_cannot_be_loaded_is_reported(void **state)
{
  assert_dll_finding(L"C:\\text.dll", "its file is not a DLL for x86 or x86-64: C:\\text.dll\n");
  assert_dll_finding(L"C:\\narrow.dll", "its DLL is a 32-bit DLL: C:\\narrow.dll\n");
  assert_dll_finding(
      L"C:\\plain.dll",
      "its DLL does not export WSPStartup under its undecorated name: C:\\plain.dll\n");
  assert_dll_finding(L"layer.dll", "the path of its DLL is not absolute: layer.dll\n");
  assert_dll_finding(L"", "the path of its DLL is not absolute: \n");
  assert_dll_finding(L"%no_such_variable%\\layer.dll",
                     "the path of its DLL is not absolute: %no_such_variable%\\layer.dll\n");
}

static void path_of_a_base_entry_is_not_checked(void **state)
{
  wcscpy(given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP)->szPath, L"missing.dll");
  assert_int_equal(check(), EXIT_DONE);
}

static void entry_id_that_is_used_twice_is_reported(void **state)
{
  given_three_bases();
  given_base(1002, L"Twin", AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  assert_int_equal(check(), EXIT_NEGATIVE);
  assert_non_null(strstr(printed(), "    another entry also has the id 1002\n"
                                    "    repair: ws2spi catalog remove --64 {E70F1AA0-AB8B-11CF-"
                                    "8CA3-00805F48A192}\n"));
}

static void provider_id_with_two_dlls_is_reported(void **state)
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
      "    has the same provider id {000003EF-0000-0000-0000-000000000000} as entry 1008, "
      "but another DLL\n"
      "    repair: ws2spi catalog remove --64 {000003EF-0000-0000-0000-000000000000}, then "
      "install each again with an id of its own\n");
}

static void dummy_without_chains_is_reported(void **state)
{
  given_three_bases();
  given_dummy(1007, L"Layer");
  assert_finding("64-bit catalog, entry 1007 \"Layer\"\n"
                 "    no chain entry uses this layer\n"
                 "    repair: ws2spi catalog remove --64 1007\n");
}

static void dummy_before_its_chains_is_reported(void **state)
{
  given_dummy(1007, L"Layer");
  given_chain(1009, L"Layer over [UDP]", 2, (DWORD[]){1007, 1002});
  given_chain(1008, L"Layer over [TCP]", 2, (DWORD[]){1007, 1001});
  given_three_bases();
  assert_finding("64-bit catalog, entry 1007 \"Layer\"\n"
                 "    this dummy entry comes before chain entries of its layer\n"
                 "    repair: ws2spi catalog order --64 1009 1008\n");
}

static void chain_after_its_lower_entry_is_reported(void **state)
{
  given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_tcp_chain();
  given_dummy(1007, L"Layer");
  assert_finding("64-bit catalog, entry 1008 \"Layer over [TCP]\"\n"
                 "    comes after entry 1001, over which it is layered, so socket() never selects "
                 "it\n"
                 "    repair: ws2spi catalog order --64 1008\n");
}

static void ifs_chain_over_a_non_ifs_layer_is_reported(void **state)
{
  given_chain(1012, L"Upper over [Layer over [TCP]]", 3, (DWORD[]){1011, 1008, 1001})
      ->ProtocolInfo.dwServiceFlags1 = XP1_IFS_HANDLES;
  given_tcp_chain()->ProtocolInfo.dwServiceFlags1 = 0;
  given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_dummy(1007, L"Layer");
  given_dummy(1011, L"Upper");
  assert_finding(
      "64-bit catalog, entry 1012 \"Upper over [Layer over [TCP]]\"\n"
      "    has IFS handles (XP1_IFS_HANDLES), but entry 1008 \"Layer over [TCP]\" in its chain "
      "makes handles of another kind\n"
      "    repair: ws2spi catalog remove --64 1012, then install it again before the other "
      "layer\n");
}

static void given_layer_over_tcp_alone(const WCHAR *dll)
{
  wcscpy(given_tcp_chain()->szPath, dll);
  given_three_bases();
  given_base(1004, L"TCPv6", AF_INET6, SOCK_STREAM, IPPROTO_TCP);
  wcscpy(given_dummy(1007, L"Layer")->szPath, dll);
}

static void layer_over_tcp_alone_is_a_warning(void **state)
{
  given_layer_over_tcp_alone(L"C:\\layer.dll");
  assert_int_equal(check(), EXIT_DONE);
  assert_string_equal(
      printed(),
      "64-bit catalog, entry 1007 \"Layer\"\n"
      "    warning: is not layered over UDP, RAW, TCPv6: programs that use these together with the "
      "protocols it covers, in select() for example, may fail\n"
      "    repair: ws2spi catalog remove --64 1007, then install it again with --all\n"
      "64-bit catalog: no errors in 6 entries\n");
  assert_string_equal(printed_diagnostics(), "");
}

static void warnings_have_an_exit_code_with_strict_only(void **state)
{
  given_layer_over_tcp_alone(L"C:\\layer.dll");
  assert_int_equal(check(), EXIT_DONE);
  assert_int_equal(check_with(OPTION_STRICT), EXIT_WARNINGS);
}

static void strict_changes_nothing_without_warnings(void **state)
{
  given_valid_layer();
  assert_int_equal(check_with(OPTION_STRICT), EXIT_DONE);
}

static void error_beside_a_warning_is_a_finding_even_with_strict(void **state)
{
  given_layer_over_tcp_alone(L"C:\\layer.dll");
  given_problem(7, 0, "too short");
  assert_int_equal(check(), EXIT_NEGATIVE);
  assert_int_equal(check_with(OPTION_STRICT), EXIT_NEGATIVE);
}

/* The 64-bit catalog is checked first. */
static void error_in_either_catalog_outweighs_warnings(void **state)
{
  const struct command_line line = {.given = OPTION_STRICT};

  given_three_bases();
  given_is_32();
  given_layer_over_tcp_alone(L"C:\\layer.dll");
  assert_int_equal(command_check(&line), EXIT_WARNINGS);
  given_nothing();
  given_problem(4, 0, "too short");
  given_is_32();
  given_layer_over_tcp_alone(L"C:\\layer.dll");
  assert_int_equal(command_check(&line), EXIT_NEGATIVE);
  given_nothing();
  given_layer_over_tcp_alone(L"C:\\narrow.dll");
  given_is_32();
  assert_int_equal(command_check(&line), EXIT_WARNINGS);
  given_problem(4, 0, "too short");
  assert_int_equal(command_check(&line), EXIT_NEGATIVE);
}

static void layer_over_another_family_need_not_cover_tcp(void **state)
{
  given_chain(1008, L"Bluetooth chain", 2, (DWORD[]){1007, 1020})->ProtocolInfo.iAddressFamily = 32;
  given_base(1020, L"Bluetooth", 32, SOCK_STREAM, 3);
  given_three_bases();
  given_dummy(1007, L"Layer");
  assert_int_equal(check(), EXIT_DONE);
}

static void each_layer_is_checked_by_itself(void **state)
{
  given_chain(1018, L"Other over [TCP]", 2, (DWORD[]){1017, 1001});
  given_valid_layer();
  given_dummy(1017, L"Other");
  given_dummy(1027, L"Third");
  assert_finding("64-bit catalog, entry 1027 \"Third\"\n"
                 "    no chain entry uses this layer\n"
                 "    repair: ws2spi catalog remove --64 1027\n");
}

/* --- repair ------------------------------------------------------------------------------------- */

static void only_catalogs_with_problems_are_repaired(void **state)
{
  const struct command_line line = {0};

  given_three_bases();
  assert_int_equal(command_repair(&line), EXIT_DONE);
  assert_int_equal(repaired_widths, 0);
  given_problem(0, 0, "wrong number");
  given_problem(4, 0, "too short");
  given_is_32();
  assert_int_equal(command_repair(&line), EXIT_DONE);
  assert_int_equal(repaired_widths, WS2SPI_WIDTH_32);
  assert_string_equal(printed(), "32-bit catalog: wrong number\n"
                                 "32-bit catalog, position 4: too short\n");
}

static void failure_to_repair_is_reported(void **state)
{
  const struct command_line line = {0};

  given_problem(1, 0, "too short");
  repair_error = WSANO_RECOVERY;
  assert_int_equal(command_repair(&line), EXIT_FAILED);
  assert_int_equal(repaired_widths, WS2SPI_WIDTH_64);
  assert_string_equal(printed_diagnostics(),
                      "the catalog could not be repaired: WSANO_RECOVERY (11003)\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(valid_catalog_has_no_findings, start),
      cmocka_unit_test_setup(both_catalogs_are_checked_and_one_finding_is_enough, start),
      cmocka_unit_test_setup(entry_that_the_store_skips_is_reported, start),
      cmocka_unit_test_setup(problem_of_the_whole_catalog_is_reported, start),
      cmocka_unit_test_setup(chain_with_a_missing_element_is_reported, start),
      cmocka_unit_test_setup(missing_dll_is_reported, start),
      cmocka_unit_test_setup(dll_that_cannot_be_loaded_is_reported, start),
      cmocka_unit_test_setup(path_of_a_base_entry_is_not_checked, start),
      cmocka_unit_test_setup(entry_id_that_is_used_twice_is_reported, start),
      cmocka_unit_test_setup(provider_id_with_two_dlls_is_reported, start),
      cmocka_unit_test_setup(dummy_without_chains_is_reported, start),
      cmocka_unit_test_setup(dummy_before_its_chains_is_reported, start),
      cmocka_unit_test_setup(chain_after_its_lower_entry_is_reported, start),
      cmocka_unit_test_setup(ifs_chain_over_a_non_ifs_layer_is_reported, start),
      cmocka_unit_test_setup(layer_over_tcp_alone_is_a_warning, start),
      cmocka_unit_test_setup(warnings_have_an_exit_code_with_strict_only, start),
      cmocka_unit_test_setup(strict_changes_nothing_without_warnings, start),
      cmocka_unit_test_setup(error_beside_a_warning_is_a_finding_even_with_strict, start),
      cmocka_unit_test_setup(error_in_either_catalog_outweighs_warnings, start),
      cmocka_unit_test_setup(layer_over_another_family_need_not_cover_tcp, start),
      cmocka_unit_test_setup(each_layer_is_checked_by_itself, start),
      cmocka_unit_test_setup(only_catalogs_with_problems_are_repaired, start),
      cmocka_unit_test_setup(failure_to_repair_is_reported, start),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
