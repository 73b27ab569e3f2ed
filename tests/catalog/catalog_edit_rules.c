/* The size of an edit must not overflow: an edit of too many entries fails instead of getting
 * fewer. */
/* The DLL's header comes first, because it includes the system's headers in the order that they
 * need. */
#include "catalog/catalog_edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void count_that_overflows_a_size_is_rejected(void **state)
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

static void edit_may_have_no_entries(void **state)
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
      cmocka_unit_test(count_that_overflows_a_size_is_rejected),
      cmocka_unit_test(edit_may_have_no_entries),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
