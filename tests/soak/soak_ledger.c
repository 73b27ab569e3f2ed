/* Tests of the soak's instruments: the ledger reports a balance that cannot be right, and memory
 * past the end of a block, or after it was freed, is inaccessible. */
#include "support/cmocka_headers.h"

#include "soak/guarded_memory.h"
#include "soak/ledger.h"

enum { SLOTS = 3, VICTIM = 0, CANCELLER = 1, OTHER = 2 };

static int begin_ledger(void **state)
{
  ledger_begin(SLOTS, 8);
  return 0;
}

static int end_ledger(void **state)
{
  ledger_free();
  return 0;
}

static struct soak_operation *add_operation(LONG began, LONG last_look, LONG over,
                                            BOOL was_cancelled)
{
  struct soak_operation *operation = ledger_begin_operation(VICTIM);

  operation->began = began;
  operation->last_look = last_look;
  operation->over = over;
  operation->was_cancelled = was_cancelled;
  return operation;
}

static void assert_balance(unsigned seen, unsigned again, unsigned lost, unsigned missing,
                           unsigned astray)
{
  const struct cancel_balance balance = ledger_balance();

  assert_int_equal(balance.seen, seen);
  assert_int_equal(balance.again, again);
  assert_int_equal(balance.lost, lost);
  assert_int_equal(balance.missing, missing);
  assert_int_equal(balance.astray, astray);
  assert_int_equal(balance.sent, seen + again + lost + missing);
}

static void a_cancel_that_ended_an_operation_is_seen(void **state)
{
  add_operation(10, 20, 30, TRUE);
  ledger_cancel(CANCELLER, VICTIM, 12, 15);
  ledger_cancel(OTHER, VICTIM, 13, 16);
  assert_balance(1, 1, 0, 0, 0);
}

static void a_cancel_before_an_operation_was_seen_alive_is_missing(void **state)
{
  struct soak_operation *operation;

  operation = add_operation(10, 20, 30, TRUE);
  operation->alive = 18;
  ledger_cancel(CANCELLER, VICTIM, 12, 15);
  assert_balance(0, 0, 0, 1, 1);
  ledger_cancel(OTHER, VICTIM, 12, 19);
  assert_balance(1, 0, 0, 1, 0);
}

static void a_cancel_before_a_hook_did_not_see_it_is_missing(void **state)
{
  struct soak_operation *operation;

  operation = add_operation(10, 20, 30, TRUE);
  operation->alive = 18;
  operation->by_its_own_hook = TRUE;
  ledger_cancel(CANCELLER, VICTIM, 12, 15);
  ledger_cancel(OTHER, VICTIM, 12, 19);
  assert_balance(0, 1, 0, 1, 0);
}

static void a_cancel_after_the_last_look_is_lost_to_completion(void **state)
{
  add_operation(10, 20, 30, FALSE);
  ledger_cancel(CANCELLER, VICTIM, 18, 25);
  assert_balance(0, 0, 1, 0, 0);
}

static void a_cancel_that_a_live_operation_did_not_notice_is_missing(void **state)
{
  add_operation(10, 20, 30, FALSE);
  ledger_cancel(CANCELLER, VICTIM, 12, 15);
  assert_balance(0, 0, 0, 1, 0);
}

static void a_cancel_accepted_without_an_operation_is_missing(void **state)
{
  add_operation(10, 20, 30, FALSE);
  ledger_cancel(CANCELLER, VICTIM, 40, 50);
  assert_balance(0, 0, 0, 1, 0);
}

static void an_operation_ended_without_a_cancel_is_astray(void **state)
{
  add_operation(10, 20, 30, TRUE);
  ledger_cancel(CANCELLER, OTHER, 12, 15);
  add_operation(40, 50, 60, TRUE);
  ledger_cancel(CANCELLER, VICTIM, 41, 45);
  assert_balance(1, 0, 0, 1, 1);
}

static void one_cancel_does_not_end_two_operations(void **state)
{
  add_operation(10, 20, 30, TRUE);
  add_operation(31, 40, 50, TRUE);
  ledger_cancel(CANCELLER, VICTIM, 25, 35);
  assert_balance(1, 0, 0, 0, 1);
}

static DWORD state_of(const char *address)
{
  MEMORY_BASIC_INFORMATION region;

  assert_int_equal(VirtualQuery(address, &region, sizeof region), sizeof region);
  return region.State;
}

static void the_byte_behind_a_block_is_inaccessible(void **state)
{
  const size_t sizes[] = {1, 4, 32, 4096, 5000};

  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    char *block = guarded_allocate(sizes[i]);

    assert_non_null(block);
    assert_int_equal(state_of(block + sizes[i] - 1), MEM_COMMIT);
    assert_int_equal(state_of(block + sizes[i]), MEM_RESERVE);
    for (size_t at = 0; at < sizes[i]; at++)
      assert_int_equal(block[at], 0);
    guarded_free(block);
    assert_int_equal(state_of(block), MEM_RESERVE);
  }
  assert_int_equal(guarded_blocks(), 0);
  assert_int_equal(guarded_damages(), 0);
}

static void a_write_outside_a_block_is_found(void **state)
{
  const int places[] = {-1, 20, 31};
  const LONG damages = guarded_damages();

  for (int i = 0; i < 3; i++) {
    char *block = guarded_heap_allocate(NULL, 0, 20);

    assert_int_equal((uintptr_t)block % 16, 0);
    block[places[i]] = 0;
    assert_true(guarded_heap_free(NULL, 0, block));
    assert_int_equal(guarded_damages(), damages + i + 1);
  }
}

int main(void)
{
#define LEDGER_TEST(test) cmocka_unit_test_setup_teardown(test, begin_ledger, end_ledger)
  const struct CMUnitTest tests[] = {
      LEDGER_TEST(a_cancel_that_ended_an_operation_is_seen),
      LEDGER_TEST(a_cancel_before_an_operation_was_seen_alive_is_missing),
      LEDGER_TEST(a_cancel_before_a_hook_did_not_see_it_is_missing),
      LEDGER_TEST(a_cancel_after_the_last_look_is_lost_to_completion),
      LEDGER_TEST(a_cancel_that_a_live_operation_did_not_notice_is_missing),
      LEDGER_TEST(a_cancel_accepted_without_an_operation_is_missing),
      LEDGER_TEST(an_operation_ended_without_a_cancel_is_astray),
      LEDGER_TEST(one_cancel_does_not_end_two_operations),
      cmocka_unit_test(the_byte_behind_a_block_is_inaccessible),
      cmocka_unit_test(a_write_outside_a_block_is_found),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
