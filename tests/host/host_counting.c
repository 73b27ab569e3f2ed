#include "support/cmocka_headers.h"

#include "lsp_entries.h"
#include "support/replaced_imports.h"

static DWORD id;
static WSPPROC_TABLE table;

static int prepare(void **state)
{
  fake_provider_reset();
  id = fake_provider_register();
  return id != 0 ? 0 : -1;
}

static int clean_up(void **state)
{
  int error;

  Ws2SpiUnregisterProvider(id, &error);
  deinstall_entries();
  return 0;
}

static void assert_calls(LONG startups, LONG cleanups)
{
  assert_int_equal(fake_provider.startups, startups);
  assert_int_equal(fake_provider.call[FAKE_Cleanup].count, cleanups);
}

static void first_start_starts_and_last_stop_stops(void **state)
{
  WSPPROC_TABLE again;

  assert_int_equal(start(id, &table), 0);
  assert_int_equal(start(id, &again), 0);
  assert_memory_equal(&again, &table, sizeof table);
  assert_int_equal(start(id, &again), 0);
  assert_calls(1, 0);
  assert_int_equal(stop(id), 0);
  assert_int_equal(stop(id), 0);
  assert_calls(1, 0);
  assert_int_equal(stop(id), 0);
  assert_calls(1, 1);
}

static void stop_of_a_provider_that_is_not_started_is_invalid(void **state)
{
  assert_int_equal(stop(id), WSAEINVAL);
  assert_int_equal(start(id, &table), 0);
  assert_int_equal(stop(id), 0);
  assert_int_equal(stop(id), WSAEINVAL);
  assert_calls(1, 1);
}

static void stopped_provider_can_be_started_again(void **state)
{
  for (int round = 1; round <= 3; round++) {
    assert_int_equal(start(id, &table), 0);
    assert_int_equal(stop(id), 0);
    assert_calls(round, round);
  }
}

static void failing_cleanup_leaves_it_started(void **state)
{
  WSPPROC_TABLE again;

  fake_provider.call[FAKE_Cleanup].result = SOCKET_ERROR;
  fake_provider.call[FAKE_Cleanup].error = WSAENETDOWN;
  assert_int_equal(start(id, &table), 0);
  assert_int_equal(stop(id), WSAENETDOWN);
  assert_int_equal(start(id, &again), 0);
  assert_calls(1, 1);
  assert_int_equal(stop(id), 0);
  fake_provider.call[FAKE_Cleanup].result = 0;
  fake_provider.call[FAKE_Cleanup].error = 0;
  assert_int_equal(stop(id), 0);
  assert_calls(1, 2);
  assert_int_equal(stop(id), WSAEINVAL);
}

static void failing_cleanup_without_a_code_is_a_system_call_failure(void **state)
{
  fake_provider.call[FAKE_Cleanup].result = SOCKET_ERROR;
  assert_int_equal(start(id, &table), 0);
  assert_int_equal(stop(id), WSASYSCALLFAILURE);
  fake_provider.call[FAKE_Cleanup].result = 0;
  assert_int_equal(stop(id), 0);
}

static void running_provider_outlives_its_entry(void **state)
{
  int error = -1;

  assert_int_equal(start(id, &table), 0);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
  assert_int_equal(start(id, &table), WSAEINVAL);
  assert_int_equal(table.lpWSPListen(1, 2, NULL), 0);
  assert_int_equal(fake_provider.call[FAKE_Listen].count, 1);
  assert_int_equal(stop(id), 0);
  assert_calls(1, 1);
  assert_int_equal(stop(id), WSAEINVAL);
}

static void deinstalled_dll_stays_loaded_until_stopped(void **state)
{
  const DWORD lsp = install_entries(beside(L"fake_lsp.dll"), 1);

  assert_int_equal(start(lsp, &table), 0);
  deinstall_entries();
  assert_non_null(GetModuleHandleW(L"fake_lsp.dll"));
  assert_int_equal(table.lpWSPListen(1, 2, NULL), 0);
  assert_int_equal(stop(lsp), 0);
  assert_null(GetModuleHandleW(L"fake_lsp.dll"));
}

static void entries_of_one_provider_share_one_start(void **state)
{
  const DWORD first = install_entries(beside(L"fake_lsp.dll"), 3);
  WSPPROC_TABLE other;

  assert_int_equal(start(first, &table), 0);
  assert_int_equal(start(first + 1, &other), 0);
  assert_memory_equal(&other, &table, sizeof table);
  /* The third id was never used for a start. */
  assert_int_equal(stop(first + 2), WSAEINVAL);
  assert_int_equal(stop(first), 0);
  assert_int_equal(stop(first), WSAEINVAL);
  assert_non_null(GetModuleHandleW(L"fake_lsp.dll"));
  assert_int_equal(stop(first + 1), 0);
  assert_null(GetModuleHandleW(L"fake_lsp.dll"));
}

static void providers_are_counted_apart(void **state)
{
  const DWORD second = fake_provider_register();
  int error;

  assert_int_equal(start(id, &table), 0);
  assert_int_equal(start(second, &table), 0);
  assert_calls(2, 0);
  assert_int_equal(stop(id), 0);
  assert_calls(2, 1);
  assert_int_equal(stop(id), WSAEINVAL);
  assert_int_equal(stop(second), 0);
  assert_calls(2, 2);
  assert_int_equal(Ws2SpiUnregisterProvider(second, &error), 0);
}

static void a_second_entry_without_memory_leaves_the_first_as_it_is(void **state)
{
  const DWORD first = install_entries(beside(L"fake_lsp.dll"), 2);
  WSPPROC_TABLE again;
  int failures = 0;
  BOOL has_failed;

  assert_int_equal(start(first, &table), 0);
  do {
    int outcome;

    prime_table(&again);
    memory_fails_at(failures + 1, FALSE);
    outcome = start(first + 1, &again);
    has_failed = memory_is_back();
    assert_int_equal(outcome, has_failed ? WSA_NOT_ENOUGH_MEMORY : 0);
    assert_int_equal(is_primed(&again), has_failed);
    failures += has_failed;
  } while (has_failed);
  assert_true(failures > 0);
  assert_int_equal(stop(first + 1), 0);
  assert_int_equal(stop(first + 1), WSAEINVAL);
  assert_int_equal(stop(first), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(first_start_starts_and_last_stop_stops),
      CASE(stop_of_a_provider_that_is_not_started_is_invalid),
      CASE(stopped_provider_can_be_started_again),
      CASE(failing_cleanup_leaves_it_started),
      CASE(failing_cleanup_without_a_code_is_a_system_call_failure),
      CASE(running_provider_outlives_its_entry),
      CASE(deinstalled_dll_stays_loaded_until_stopped),
      CASE(entries_of_one_provider_share_one_start),
      CASE(providers_are_counted_apart),
      CASE(a_second_entry_without_memory_leaves_the_first_as_it_is),
  };

  replace_memory();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
