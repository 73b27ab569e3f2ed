/* The state of the catalog after a step of an installation or a removal has failed. */
#include "support/cmocka_headers.h"

#include "tool/catalog_calls.h"
#include "tool_run.h"

/* --- replaces src/tool/catalog_calls.c: the same calls, some of which fail ---------------- */

static int calls_until_failure; /* -1: all succeed */
static int failed_calls;        /* how many in a row */

static BOOL fails(void)
{
  if (calls_until_failure > 0)
    calls_until_failure--;
  else if (calls_until_failure == 0 && failed_calls > 0) {
    failed_calls--;
    return TRUE;
  }
  return FALSE;
}

int catalog_install(DWORD width, const GUID *provider, const WCHAR *path,
                    const WSAPROTOCOL_INFOW *entry, DWORD *id)
{
  int error = WSANO_RECOVERY;

  if (!fails())
    Ws2SpiInstallProvider(width, provider, path, entry, 1, id, &error);
  return error;
}

int catalog_deinstall(DWORD width, const GUID *provider)
{
  int error = WSANO_RECOVERY;

  if (!fails())
    Ws2SpiDeinstallProvider(width, provider, &error);
  return error;
}

int catalog_write_order(DWORD width, DWORD *ids, DWORD count)
{
  int error = WSANO_RECOVERY;

  if (!fails())
    Ws2SpiWriteProviderOrder(width, ids, count, &error);
  return error;
}

int catalog_repair(DWORD widths)
{
  int error = WSANO_RECOVERY;

  if (!fails())
    Ws2SpiRepairCatalog(widths, &error);
  return error;
}

int catalog_reset(DWORD widths)
{
  int error = WSANO_RECOVERY;

  if (!fails())
    Ws2SpiResetCatalog(widths, &error);
  return error;
}

/* --- tests ---------------------------------------------------------------------------------- */

static int start(void **state)
{
  calls_until_failure = -1;
  return reset_catalogs(state);
}

static enum exit_code install(int call, int failures)
{
  enum exit_code code;

  calls_until_failure = call;
  failed_calls = failures;
  code = tool("catalog", "install", beside_test("fake_lsp.dll"), "--name", "Layer",
              "--over=1001,1002", NULL);
  calls_until_failure = -1;
  return code;
}

static size_t native_count(void)
{
  struct listing listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  const size_t count = listing.count;

  listing_free(&listing);
  return count;
}

/* The steps are dummy, chain, chain, order. */
static void steps_before_a_failed_one_are_undone(void **state)
{
  static const char *const messages[] = {"\"Layer\" could not be installed in the ",
                                         "\"Layer over [MSAFD Tcpip [TCP/IP]]\" could not be ",
                                         "\"Layer over [MSAFD Tcpip [UDP/IP]]\" could not be ",
                                         "the chains could not be moved to the front of the "};

  for (int step = 0; step < 4; step++) {
    assert_int_equal(install(step, 1), EXIT_FAILED);
    assert_memory_equal(printed_diagnostics(), messages[step], strlen(messages[step]));
    assert_non_null(strstr(printed_diagnostics(), "-bit catalog: WSANO_RECOVERY (11003)\n"));
    assert_string_equal(printed(), "");
    assert_int_equal(native_count(), 6);
  }
  assert_int_equal(install(4, 1), EXIT_DONE);
  assert_int_equal(native_count(), 9);
}

static void entry_that_cannot_be_removed_again_is_reported(void **state)
{
  struct listing listing;
  char expected[128];

  assert_int_equal(install(1, 2), EXIT_FAILED);
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  assert_int_equal(listing.count, 7);
  snprintf(expected, sizeof expected,
           "\nentry %lu is left in the %d-bit catalog, because it could not be removed: "
           "WSANO_RECOVERY (11003)\n",
           listing.entries[6].ProtocolInfo.dwCatalogEntryId, width_bits(WS2SPI_WIDTH_NATIVE));
  assert_non_null(strstr(printed_diagnostics(), expected));
  listing_free(&listing);
}

/* The steps are chain, chain, dummy. The same command removes the rest. */
static void removal_that_fails_leaves_no_chain_without_its_dummy(void **state)
{
  static const size_t left[] = {9, 8, 7};

  for (int step = 0; step < 3; step++) {
    assert_int_equal(install(-1, 0), EXIT_DONE);
    calls_until_failure = step;
    failed_calls = 1;
    assert_int_equal(tool("catalog", "remove", "Layer", NULL), EXIT_FAILED);
    assert_non_null(
        strstr(printed_diagnostics(), "could not be removed: WSANO_RECOVERY (11003)\n"));
    assert_int_equal(native_count(), left[step]);
    calls_until_failure = -1;
    assert_int_equal(tool("catalog", "remove", "Layer", NULL), EXIT_DONE);
    assert_int_equal(native_count(), 6);
  }
}

static void order_and_reset_report_the_error_of_the_catalog(void **state)
{
  calls_until_failure = 0;
  failed_calls = 1;
  assert_int_equal(tool("catalog", "order", "1002", NULL), EXIT_FAILED);
  assert_non_null(
      strstr(printed_diagnostics(), "-bit catalog could not be changed: WSANO_RECOVERY (11003)\n"));
  calls_until_failure = 0;
  failed_calls = 1;
  assert_int_equal(tool("catalog", "reset", "--yes", NULL), EXIT_FAILED);
  assert_string_equal(printed_diagnostics(),
                      "the catalog could not be reset: WSANO_RECOVERY (11003)\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(steps_before_a_failed_one_are_undone, start),
      cmocka_unit_test_setup(entry_that_cannot_be_removed_again_is_reported, start),
      cmocka_unit_test_setup(removal_that_fails_leaves_no_chain_without_its_dummy, start),
      cmocka_unit_test_setup(order_and_reset_report_the_error_of_the_catalog, start),
  };

  return cmocka_run_group_tests(tests, NULL, start);
}
