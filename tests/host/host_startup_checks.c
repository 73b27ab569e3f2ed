/* The checks of the results of WSPStartup. */
#include "support/cmocka_headers.h"

#include "lsp_entries.h"

static DWORD id;
static WSPPROC_TABLE table;

static int prepare(void **state)
{
  fake_provider_reset();
  prime_table(&table);
  id = fake_provider_register();
  return id != 0 ? 0 : -1;
}

static int clean_up(void **state)
{
  int error;

  return Ws2SpiUnregisterProvider(id, &error);
}

static void assert_not_started(LONG cleanups)
{
  assert_true(is_primed(&table));
  assert_int_equal(fake_provider.startups, 1);
  assert_int_equal(fake_provider.call[FAKE_Cleanup].count, cleanups);
  assert_int_equal(stop(id), WSAEINVAL);
  assert_int_equal(fake_provider.call[FAKE_Cleanup].count, cleanups);
}

static void a_valid_provider_is_started_with_2_2_and_its_own_entry(void **state)
{
  WSPUPCALLTABLE upcalls;
  int error = -1;

  assert_int_equal(start(id, &table), 0);
  assert_int_equal(fake_provider.startups, 1);
  assert_int_equal(fake_provider.requested, MAKEWORD(2, 2));
  assert_int_equal(fake_provider.info.dwCatalogEntryId, id);
  assert_int_equal(wcscmp(fake_provider.info.szProtocol, L"Fake provider"), 0);
  assert_int_equal(Ws2SpiGetUpcallTable(&upcalls, &error), 0);
  assert_memory_equal(&fake_provider.upcalls, &upcalls, sizeof upcalls);
  assert_int_equal(stop(id), 0);
  assert_int_equal(fake_provider.call[FAKE_Cleanup].count, 1);
}

static void the_returned_table_calls_the_provider(void **state)
{
  int error = -1;

  fake_provider.call[FAKE_Bind].result = SOCKET_ERROR;
  fake_provider.call[FAKE_Bind].error = WSAEADDRINUSE;
  assert_int_equal(start(id, &table), 0);
  assert_int_equal(table.lpWSPBind(17, NULL, 3, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEADDRINUSE);
  assert_int_equal(fake_provider.call[FAKE_Bind].count, 1);
  assert_int_equal(fake_provider.call[FAKE_Bind].argument[0], 17);
  assert_int_equal(fake_provider.call[FAKE_Bind].argument[2], 3);
  assert_int_equal(stop(id), 0);
}

static void failing_startup_is_failed_init(void **state)
{
  const int codes[] = {WSASYSNOTREADY, WSAVERNOTSUPPORTED, WSAEFAULT, 1, -1};

  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    fake_provider_reset();
    fake_provider.startup_result = codes[i];
    assert_int_equal(start(id, &table), WSAEPROVIDERFAILEDINIT);
    assert_not_started(0);
  }
}

static void other_version_is_an_invalid_provider(void **state)
{
  const WORD versions[] = {0, MAKEWORD(2, 0), MAKEWORD(2, 1), MAKEWORD(2, 3), MAKEWORD(1, 1)};

  for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
    fake_provider_reset();
    fake_provider.version = versions[i];
    assert_int_equal(start(id, &table), WSAEINVALIDPROVIDER);
    assert_not_started(1);
  }
}

static void other_version_without_wspcleanup_does_not_crash(void **state)
{
  fake_provider.version = MAKEWORD(2, 0);
  fake_provider.missing = FAKE_Cleanup;
  assert_int_equal(start(id, &table), WSAEINVALIDPROVIDER);
  assert_not_started(0);
}

static void each_missing_procedure_is_an_invalid_table(void **state)
{
  for (int slot = 0; slot < FAKE_PROCEDURE_COUNT; slot++) {
    fake_provider_reset();
    fake_provider.missing = slot;
    assert_int_equal(start(id, &table), WSAEINVALIDPROCTABLE);
    assert_not_started(slot == FAKE_Cleanup ? 0 : 1);
  }
}

static void start_after_a_failure_succeeds(void **state)
{
  fake_provider.startup_result = WSASYSNOTREADY;
  assert_int_equal(start(id, &table), WSAEPROVIDERFAILEDINIT);
  fake_provider.startup_result = 0;
  assert_int_equal(start(id, &table), 0);
  assert_false(is_primed(&table));
  assert_int_equal(fake_provider.startups, 2);
  assert_int_equal(stop(id), 0);
  assert_int_equal(fake_provider.call[FAKE_Cleanup].count, 1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(a_valid_provider_is_started_with_2_2_and_its_own_entry),
      CASE(the_returned_table_calls_the_provider),
      CASE(failing_startup_is_failed_init),
      CASE(other_version_is_an_invalid_provider),
      CASE(other_version_without_wspcleanup_does_not_crash),
      CASE(each_missing_procedure_is_an_invalid_table),
      CASE(start_after_a_failure_succeeds),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
