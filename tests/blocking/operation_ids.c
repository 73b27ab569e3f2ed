/* The numbers of blocking operations by themselves (decision D2): what would take a program
 * hundreds of millions of operations. */
#include "blocking/operation_ids.h"

#include "registry/cmocka_and_store.h"

static struct operation_ids numbers;

static int start_anew(void **state)
{
  memset(&numbers, 0, sizeof numbers);
  return 0;
}

static void a_block_is_as_large_as_all_before_it(void **state)
{
  numbers_draw(&numbers);
  assert_int_equal(numbers.block, 1);
  for (uintptr_t block = 2; block <= 64; block *= 2) {
    assert_true(numbers_are_used_up(&numbers));
    for (uintptr_t i = 0; i < block; i++)
      assert_true(numbers_include(&numbers, numbers_draw(&numbers)));
    assert_int_equal(numbers.block, block);
  }
}

static void what_is_reserved_and_not_drawn_is_not_included(void **state)
{
  uintptr_t last = 0;

  for (int i = 0; i < 5; i++)
    last = numbers_draw(&numbers);
  assert_false(numbers_are_used_up(&numbers));
  assert_true(numbers_include(&numbers, last));
  assert_false(numbers_include(&numbers, last + 1));
  numbers_forget(&numbers);
  assert_false(numbers_include(&numbers, last));
  assert_true(numbers_include(&numbers, numbers_draw(&numbers)));
}

static void blocks_do_not_grow_for_ever(void **state)
{
  const uintptr_t largest = (uintptr_t)1 << 26;

  numbers.block = largest / 2;
  numbers_draw(&numbers);
  assert_int_equal(numbers.block, largest);
  numbers.next = numbers.end;
  numbers_draw(&numbers);
  assert_int_equal(numbers.block, largest);
}

static void the_oldest_block_is_the_first_to_be_forgotten(void **state)
{
  uintptr_t first, second, newest = 0;

  first = numbers_draw(&numbers);
  second = numbers_draw(&numbers);
  for (int block = 2; block < NUMBER_RANGES; block++) {
    numbers.block = 1;
    numbers.next = numbers.end;
    newest = numbers_draw(&numbers);
  }
  assert_true(numbers_include(&numbers, first));
  numbers.block = 1;
  numbers.next = numbers.end;
  newest = numbers_draw(&numbers);
  assert_false(numbers_include(&numbers, first));
  assert_true(numbers_include(&numbers, second));
  assert_true(numbers_include(&numbers, newest));
}

/* They begin again after the largest: a block never lies across the end, and 0 is in none. */
static void zero_is_no_number_when_all_were_drawn(void **state)
{
  const uintptr_t half = UINTPTR_MAX / 2 + 1;

  for (int i = 0; i < 4; i++) {
    numbers.block = half;
    numbers.next = numbers.end;
    numbers_draw(&numbers);
    assert_int_not_equal(numbers.next - 1, 0);
    assert_true(numbers.end > numbers.next);
  }
}

static void an_old_operations_entry_is_forgotten(void **state)
{
  DWORD id = 0;

  for (uintptr_t number = 1; number <= NUMBER_HISTORY + 1; number++)
    numbers_set_entry(&numbers, number, (DWORD)number + 1000);
  assert_false(numbers_get_entry(&numbers, 1, &id));
  assert_int_equal(id, 0);
  assert_true(numbers_get_entry(&numbers, 2, &id));
  assert_int_equal(id, 1002);
}

int main(void)
{
#define FRESH(test) cmocka_unit_test_setup(test, start_anew)
  const struct CMUnitTest tests[] = {
      FRESH(a_block_is_as_large_as_all_before_it),
      FRESH(what_is_reserved_and_not_drawn_is_not_included),
      FRESH(blocks_do_not_grow_for_ever),
      FRESH(the_oldest_block_is_the_first_to_be_forgotten),
      FRESH(zero_is_no_number_when_all_were_drawn),
      FRESH(an_old_operations_entry_is_forgotten),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
