/* WSPJoinLeaf on unbound sockets, which it binds to the wildcard address. A Windows firewall may ask
 * about such a socket, so this program is not in the kit of tests/windows. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"
#include "support/loopback_only.h"

static const struct sockaddr_in group = {.sin_family = AF_INET,
                                         .sin_addr = {.S_un.S_un_b = {239, 1, 2, 3}}};

static void assert_join_binds_to_a_port(DWORD flags)
{
  const SOCKET s = new_socket(AF_INET, SOCK_DGRAM);
  struct sockaddr_in name = {0};
  int length = sizeof name, error = UNTOUCHED;

  assert_true(base.lpWSPJoinLeaf(s, (const struct sockaddr *)&group, sizeof group, NULL, NULL, NULL,
                                 NULL, flags, &error) == s);
  assert_int_equal(error, 0);
  assert_int_equal(base.lpWSPGetSockName(s, (struct sockaddr *)&name, &length, &error), 0);
  assert_int_equal(name.sin_addr.s_addr, htonl(INADDR_ANY));
  assert_int_not_equal(name.sin_port, 0);
  close_socket(s);
}

static void joining_binds_a_receiver(void **state)
{
  assert_join_binds_to_a_port(JL_RECEIVER_ONLY);
  assert_join_binds_to_a_port(JL_BOTH);
}

static void joining_binds_a_sender(void **state)
{
  assert_join_binds_to_a_port(JL_SENDER_ONLY);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(joining_binds_a_receiver),
      cmocka_unit_test(joining_binds_a_sender),
  };

  loopback_only_give_up();
  return cmocka_run_group_tests(tests, start_base, stop_base);
}
