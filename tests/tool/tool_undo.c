/* What an installation and a removal leave when a step fails. */
#include "support/cmocka_headers.h"

#include "tool/catalog_calls.h"
#include "tool_run.h"

/* --- in place of src/tool/catalog_calls.c: the same calls, one of which fails ------------ */

static int calls_until_failure; /* -1: none fails */
static int failed_calls;        /* so many in a row */

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

/* Dummy, chain, chain, order. */
static void whichever_step_fails_the_others_are_undone(void **state)
{
  static const char *const complaints[] = {"\"Layer\" cannot be installed in the ",
                                           "\"Layer over [MSAFD Tcpip [TCP/IP]]\" cannot be ",
                                           "\"Layer over [MSAFD Tcpip [UDP/IP]]\" cannot be ",
                                           "the chains cannot be put in front in the "};

  for (int step = 0; step < 4; step++) {
    assert_int_equal(install(step, 1), EXIT_FAILED);
    assert_memory_equal(complained(), complaints[step], strlen(complaints[step]));
    assert_non_null(strstr(complained(), "-bit catalog: WSANO_RECOVERY (11003)\n"));
    assert_string_equal(printed(), "");
    assert_int_equal(native_count(), 6);
  }
  assert_int_equal(install(4, 1), EXIT_DONE);
  assert_int_equal(native_count(), 9);
}

static void what_cannot_be_undone_is_named(void **state)
{
  struct listing listing;
  char expected[128];

  assert_int_equal(install(1, 2), EXIT_FAILED);
  listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  assert_int_equal(listing.count, 7);
  snprintf(expected, sizeof expected,
           "\nentry %lu is left in the %d-bit catalog: WSANO_RECOVERY (11003)\n",
           listing.entries[6].ProtocolInfo.dwCatalogEntryId, width_bits(WS2SPI_WIDTH_NATIVE));
  assert_non_null(strstr(complained(), expected));
  listing_free(&listing);
}

/* Chain, chain, dummy: what is left can be removed by the same command. */
static void removal_that_fails_leaves_no_chain_without_its_dummy(void **state)
{
  static const size_t left[] = {9, 8, 7};

  for (int step = 0; step < 3; step++) {
    assert_int_equal(install(-1, 0), EXIT_DONE);
    calls_until_failure = step;
    failed_calls = 1;
    assert_int_equal(tool("catalog", "remove", "Layer", NULL), EXIT_FAILED);
    assert_non_null(strstr(complained(), "cannot be removed: WSANO_RECOVERY (11003)\n"));
    assert_int_equal(native_count(), left[step]);
    calls_until_failure = -1;
    assert_int_equal(tool("catalog", "remove", "Layer", NULL), EXIT_DONE);
    assert_int_equal(native_count(), 6);
  }
}

static void order_and_reset_report_what_the_catalog_says(void **state)
{
  calls_until_failure = 0;
  failed_calls = 1;
  assert_int_equal(tool("catalog", "order", "1002", NULL), EXIT_FAILED);
  assert_non_null(strstr(complained(), "-bit catalog cannot be changed: WSANO_RECOVERY (11003)\n"));
  calls_until_failure = 0;
  failed_calls = 1;
  assert_int_equal(tool("catalog", "reset", "--yes", NULL), EXIT_FAILED);
  assert_string_equal(complained(), "the catalog cannot be reset: WSANO_RECOVERY (11003)\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(whichever_step_fails_the_others_are_undone, start),
      cmocka_unit_test_setup(what_cannot_be_undone_is_named, start),
      cmocka_unit_test_setup(removal_that_fails_leaves_no_chain_without_its_dummy, start),
      cmocka_unit_test_setup(order_and_reset_report_what_the_catalog_says, start),
  };

  return cmocka_run_group_tests(tests, NULL, start);
}
