#include "support/cmocka_headers.h"

#include "lsp_entries.h"
#include "support/bad_memory.h"

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

static void bad_table_starts_nothing(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    const int outcome = start(id, bad->address);

    if (outcome != WSAEFAULT || fake_provider.startups != 0)
      fail_msg("%s: %d, %ld starts", bad->kind, outcome, fake_provider.startups);
  }
  assert_int_equal(stop(id), WSAEINVAL);
}

static void table_that_ends_too_early_starts_nothing(void **state)
{
  assert_int_equal(start(id, end_of_page(sizeof table - 1)), WSAEFAULT);
  assert_int_equal(fake_provider.startups, 0);
  assert_int_equal(stop(id), WSAEINVAL);
}

static void a_table_at_the_end_of_a_page_is_filled(void **state)
{
  WSPPROC_TABLE *last = end_of_page(sizeof *last);

  assert_int_equal(start(id, last), 0);
  assert_int_equal(last->lpWSPStringToAddress(NULL, 0, NULL, NULL, NULL, NULL), 0);
  assert_int_equal(fake_provider.call[FAKE_StringToAddress].count, 1);
  assert_int_equal(stop(id), 0);
}

static void *page_of_table;

static void free_the_table(void)
{
  VirtualFree(page_of_table, 0, MEM_RELEASE);
}

/* Writable when it is checked, and freed when the provider has started. */
static void table_freed_during_the_start_leaves_the_provider_stopped(void **state)
{
  page_of_table = VirtualAlloc(NULL, sizeof table, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
  assert_non_null(page_of_table);
  fake_provider.in_startup = free_the_table;
  assert_int_equal(start(id, page_of_table), WSAEFAULT);
  assert_int_equal(fake_provider.startups, 1);
  assert_int_equal(fake_provider.call[FAKE_Cleanup].count, 1);
  assert_int_equal(stop(id), WSAEINVAL);
}

static void bad_errno_starts_nothing(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    const int result = Ws2SpiStartProvider(id, &table, bad->address);

    if (result != SOCKET_ERROR || fake_provider.startups != 0 || !is_primed(&table))
      fail_msg("%s: %d, %ld starts", bad->kind, result, fake_provider.startups);
  }
}

static void bad_errno_stops_nothing(void **state)
{
  assert_int_equal(start(id, &table), 0);
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    const int result = Ws2SpiStopProvider(id, bad->address);

    if (result != SOCKET_ERROR || fake_provider.call[FAKE_Cleanup].count != 0)
      fail_msg("%s: %d", bad->kind, result);
  }
  assert_int_equal(stop(id), 0);
  assert_int_equal(fake_provider.call[FAKE_Cleanup].count, 1);
}

static void unknown_id_is_invalid(void **state)
{
  const DWORD ids[] = {0, 1000, id + 1, 0xFFFFFFFF};

  for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
    assert_int_equal(start(ids[i], &table), WSAEINVAL);
    assert_int_equal(stop(ids[i]), WSAEINVAL);
    assert_true(is_primed(&table));
  }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(bad_table_starts_nothing),
      CASE(table_that_ends_too_early_starts_nothing),
      CASE(a_table_at_the_end_of_a_page_is_filled),
      CASE(table_freed_during_the_start_leaves_the_provider_stopped),
      CASE(bad_errno_starts_nothing),
      CASE(bad_errno_stops_nothing),
      CASE(unknown_id_is_invalid),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
