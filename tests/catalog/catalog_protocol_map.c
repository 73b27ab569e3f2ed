/* The map by family, type and protocol: what it finds, and that a look-up takes few comparisons
 * whatever its size. */
#include "catalog/protocol_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MANY = 12000, CROWD = 500000, MOST_OF_ONE_HASH = 4 };

static struct protocol_map map;

static int clean_up(void **state)
{
  protocol_map_free(&map);
  return 0;
}

/* Keys as catalogs have them: a few families and types, and consecutive protocols. */
static struct protocol_key numbered(int n)
{
  return (struct protocol_key){n % 4 * 17, n / 4 % 3 + 1, n / 12};
}

static void first_value_of_a_key_is_found(void **state)
{
  static const struct protocol_key triples[] = {
      {2, 1, 6}, {1, 2, 6}, {6, 1, 2}, {0, 0, 0}, {-1, -1, -1}};
  static const int values[2];

  assert_true(protocol_map_allocate(&map, 5));
  for (int i = 0; i < 5; i++) {
    assert_null(protocol_map_find(&map, &triples[i]));
    assert_true(protocol_map_add(&map, &triples[i], &values[0]));
    assert_false(protocol_map_add(&map, &triples[i], &values[1]));
    assert_ptr_equal(protocol_map_find(&map, &triples[i]), &values[0]);
  }
  assert_int_equal(map.count, 5);
}

static void empty_map_has_no_key(void **state)
{
  const struct protocol_key protocol_key = {2, 1, 6};

  assert_true(protocol_map_allocate(&map, 0));
  assert_null(protocol_map_find(&map, &protocol_key));
}

static void map_too_large_for_memory_is_not_made(void **state)
{
  assert_false(protocol_map_allocate(&map, SIZE_MAX));
  assert_false(protocol_map_allocate(&map, SIZE_MAX / sizeof *map.nodes));
}

/* So many keys that some hashes are equal; such keys differ in any of their members. */
static void keys_with_equal_hashes_are_distinguished(void **state)
{
  static const char values[CROWD];
  int of_one_hash = 0;

  assert_true(protocol_map_allocate(&map, CROWD));
  for (int n = 0; n < CROWD; n++) {
    const struct protocol_key protocol_key = {n % 100, n / 100 % 100, n / 10000 * 7919};

    assert_true(protocol_map_add(&map, &protocol_key, &values[n]));
  }
  for (int n = 0; n < CROWD; n++) {
    const struct protocol_key protocol_key = {n % 100, n / 100 % 100, n / 10000 * 7919};

    assert_ptr_equal(protocol_map_find(&map, &protocol_key), &values[n]);
    of_one_hash += map.nodes[n].next != NULL;
  }
  print_message("%d triples, %d of a hash that others have\n", CROWD, of_one_hash);
  assert_true(of_one_hash > 0);
}

static void lookups_compare_few_keys(void **state)
{
  static const char values[MANY];
  int longest = 0;

  assert_true(protocol_map_allocate(&map, MANY));
  for (int n = 0; n < MANY; n++) {
    const struct protocol_key protocol_key = numbered(n);

    assert_true(protocol_map_add(&map, &protocol_key, &values[n]));
  }
  for (int n = 0; n < MANY; n++) {
    const struct protocol_key protocol_key = numbered(n);
    int length = 0;

    assert_ptr_equal(protocol_map_find(&map, &protocol_key), &values[n]);
    for (const struct protocol_node *node = &map.nodes[n]; node != NULL; node = node->next)
      length++;
    longest = length > longest ? length : longest;
  }
  print_message("%d triples, at most %d of one hash\n", MANY, longest);
  assert_in_range(longest, 1, MOST_OF_ONE_HASH);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(first_value_of_a_key_is_found, clean_up),
      cmocka_unit_test_teardown(empty_map_has_no_key, clean_up),
      cmocka_unit_test_teardown(map_too_large_for_memory_is_not_made, clean_up),
      cmocka_unit_test_teardown(keys_with_equal_hashes_are_distinguished, clean_up),
      cmocka_unit_test_teardown(lookups_compare_few_keys, clean_up),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
