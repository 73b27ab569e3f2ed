/* The ids of blocking operations by themselves (D2), in states that a program reaches only after
 * hundreds of millions of operations. */
#include "blocking/operation_ids.h"

#include "registry/cmocka_and_store.h"

static struct operation_ids ids;

static int start_empty(void **state)
{
  memset(&ids, 0, sizeof ids);
  return 0;
}

/* Skips the rest of the current block, as if `size` ids had been allocated. */
static uintptr_t allocate_from_new_block(uintptr_t size)
{
  ids.block = size;
  ids.next = ids.end;
  return ids_allocate(&ids);
}

static void a_block_is_as_large_as_all_blocks_before_it(void **state)
{
  ids_allocate(&ids);
  assert_int_equal(ids.block, 1);
  for (uintptr_t block = 2; block <= 64; block *= 2) {
    assert_true(ids_are_used_up(&ids));
    for (uintptr_t i = 0; i < block; i++)
      assert_true(ids_contain(&ids, ids_allocate(&ids)));
    assert_int_equal(ids.block, block);
  }
}

static void reserved_ids_are_not_contained_until_allocated(void **state)
{
  uintptr_t last = 0;

  for (int i = 0; i < 5; i++)
    last = ids_allocate(&ids);
  assert_false(ids_are_used_up(&ids));
  assert_true(ids_contain(&ids, last));
  assert_false(ids_contain(&ids, last + 1));
  ids_forget(&ids);
  assert_false(ids_contain(&ids, last));
  assert_true(ids_contain(&ids, ids_allocate(&ids)));
}

static void blocks_stop_growing_at_a_limit(void **state)
{
  const uintptr_t largest = (uintptr_t)1 << 26;

  ids.block = largest / 2;
  ids_allocate(&ids);
  assert_int_equal(ids.block, largest);
  ids.next = ids.end;
  ids_allocate(&ids);
  assert_int_equal(ids.block, largest);
}

static void the_oldest_block_is_forgotten_first(void **state)
{
  uintptr_t first, second, newest = 0;

  first = ids_allocate(&ids);
  second = ids_allocate(&ids);
  for (int block = 2; block < ID_RANGES; block++)
    newest = allocate_from_new_block(1);
  assert_true(ids_contain(&ids, first));
  newest = allocate_from_new_block(1);
  assert_false(ids_contain(&ids, first));
  assert_true(ids_contain(&ids, second));
  assert_true(ids_contain(&ids, newest));
}

/* After the largest id the smallest follows: no block crosses the end or contains 0. */
static void zero_is_never_allocated_after_an_overflow(void **state)
{
  const uintptr_t half = UINTPTR_MAX / 2 + 1;

  for (int i = 0; i < 4; i++) {
    allocate_from_new_block(half);
    assert_int_not_equal(ids.next - 1, 0);
    assert_true(ids.end > ids.next);
  }
}

static void the_entry_of_an_old_operation_is_forgotten(void **state)
{
  DWORD entry = 0;

  for (uintptr_t id = 1; id <= ID_HISTORY + 1; id++)
    ids_set_entry(&ids, id, (DWORD)id + 1000);
  assert_false(ids_get_entry(&ids, 1, &entry));
  assert_int_equal(entry, 0);
  assert_true(ids_get_entry(&ids, 2, &entry));
  assert_int_equal(entry, 1002);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup(test, start_empty)
  const struct CMUnitTest tests[] = {
      TEST(a_block_is_as_large_as_all_blocks_before_it),
      TEST(reserved_ids_are_not_contained_until_allocated),
      TEST(blocks_stop_growing_at_a_limit),
      TEST(the_oldest_block_is_forgotten_first),
      TEST(zero_is_never_allocated_after_an_overflow),
      TEST(the_entry_of_an_old_operation_is_forgotten),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
