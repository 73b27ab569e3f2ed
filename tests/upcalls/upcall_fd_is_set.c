/* WPUFDIsSet: ws2spi/nf-ws2spi-wpufdisset. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"

static void a_member_is_found_at_any_position(void **state)
{
  fd_set set = {4, {8, 12, 16, 20}};

  for (u_int i = 0; i < set.fd_count; i++)
    assert_int_equal(WPUFDIsSet(set.fd_array[i], &set), 1);
}

static void a_socket_beyond_the_count_is_not_in_the_set(void **state)
{
  fd_set set = {2, {8, 12, 16, 20}};

  assert_int_equal(WPUFDIsSet(16, &set), 0);
  assert_int_equal(WPUFDIsSet(24, &set), 0);
}

static void an_empty_set_holds_nothing(void **state)
{
  fd_set set = {0, {8}};

  assert_int_equal(WPUFDIsSet(8, &set), 0);
}

static void a_set_may_be_larger_than_fd_setsize(void **state)
{
  struct {
    u_int fd_count;
    SOCKET fd_array[1000];
  } set = {1000, {0}};

  for (u_int i = 0; i < 1000; i++)
    set.fd_array[i] = 4 * (i + 1);
  assert_int_equal(WPUFDIsSet(4000, (fd_set *)&set), 1);
  assert_int_equal(WPUFDIsSet(4004, (fd_set *)&set), 0);
}

static void a_set_that_cannot_be_read_holds_nothing(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    if (bad->readable)
      continue;
    print_message("set: %s\n", bad->kind);
    assert_int_equal(WPUFDIsSet(8, bad_address(bad)), 0);
  }
}

static void a_count_beyond_readable_memory_does_not_crash(void **state)
{
  fd_set *set = end_of_page(offsetof(fd_set, fd_array) + 2 * sizeof(SOCKET));

  set->fd_count = 0xFFFFFFFF;
  set->fd_array[0] = 8;
  set->fd_array[1] = 12;
  assert_int_equal(WPUFDIsSet(12, set), 1);
  assert_int_equal(WPUFDIsSet(16, set), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_member_is_found_at_any_position),
      cmocka_unit_test(a_socket_beyond_the_count_is_not_in_the_set),
      cmocka_unit_test(an_empty_set_holds_nothing),
      cmocka_unit_test(a_set_may_be_larger_than_fd_setsize),
      cmocka_unit_test(a_set_that_cannot_be_read_holds_nothing),
      cmocka_unit_test(a_count_beyond_readable_memory_does_not_crash),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
