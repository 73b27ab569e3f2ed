/* A change of more entries than memory can have is none, and never one of fewer. */
/* The DLL's headers first, which set up the system's ones for themselves. */
#include "catalog/catalog_edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void what_a_size_cannot_measure_is_not_made(void **state)
{
  const size_t most = SIZE_MAX / sizeof(struct catalog_item);
  const size_t counts[] = {most + 1, most + 2, SIZE_MAX / 2 + 1, SIZE_MAX};
  struct catalog_edit change = {0};

  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    assert_false(catalog_edit_allocate(&change, 0, counts[i]));
    assert_null(change.items);
    catalog_edit_free(&change);
  }
}

static void none_is_a_number_of_entries_too(void **state)
{
  struct catalog_edit change = {0};

  assert_true(catalog_edit_allocate(&change, 3, 0));
  assert_int_equal(change.first, 3);
  assert_int_equal(change.count, 0);
  catalog_edit_free(&change);
  assert_null(change.items);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_a_size_cannot_measure_is_not_made),
      cmocka_unit_test(none_is_a_number_of_entries_too),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
