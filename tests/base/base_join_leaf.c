/* WSPJoinLeaf on bound sockets; see base_join_leaf_unbound.c for unbound ones. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

static const struct sockaddr_in group = {.sin_family = AF_INET,
                                         .sin_addr = {.S_un.S_un_b = {239, 1, 2, 3}}};

static SOCKADDR_STORAGE own;
static int own_length;

static SOCKET join(SOCKET s, const void *address, int length, DWORD flags, int *error)
{
  *error = UNTOUCHED;
  return base.lpWSPJoinLeaf(s, address, length, NULL, NULL, NULL, NULL, flags, error);
}

/* Only a member can drop its membership. */
static void a_receiver_becomes_a_member(void **state)
{
  const SOCKET s = new_bound(AF_INET, SOCK_DGRAM, &own, &own_length);
  const struct ip_mreq membership = {group.sin_addr, {.S_un.S_addr = INADDR_ANY}};
  int error;

  assert_true(join(s, &group, sizeof group, JL_RECEIVER_ONLY, &error) == s);
  assert_int_equal(error, 0);
  assert_int_equal(base.lpWSPSetSockOpt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP,
                                        (const char *)&membership, sizeof membership, &error),
                   0);
  close_socket(s);
}

static void a_bound_socket_keeps_its_name(void **state)
{
  struct sockaddr_in after = {0};
  int length;
  const SOCKET s = new_bound(AF_INET, SOCK_DGRAM, &own, &own_length);
  int error;

  assert_true(join(s, &group, sizeof group, JL_BOTH, &error) == s);
  assert_int_equal(error, 0);
  length = sizeof after;
  assert_int_equal(base.lpWSPGetSockName(s, (struct sockaddr *)&after, &length, &error), 0);
  assert_memory_equal(&after, &own, sizeof after);
  close_socket(s);
}

static void a_sender_does_not_become_a_member(void **state)
{
  const SOCKET s = new_bound(AF_INET, SOCK_DGRAM, &own, &own_length);
  const struct ip_mreq membership = {group.sin_addr, {.S_un.S_addr = INADDR_ANY}};
  int error;

  assert_true(join(s, &group, sizeof group, JL_SENDER_ONLY, &error) == s);
  assert_int_equal(error, 0);
  assert_int_equal(base.lpWSPSetSockOpt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP,
                                        (const char *)&membership, sizeof membership, &error),
                   SOCKET_ERROR);
  close_socket(s);
}

static void an_address_that_is_not_a_group_is_refused(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_DGRAM);
  const SOCKET stream = new_socket(AF_INET, SOCK_STREAM);
  struct sockaddr_in host = group;
  struct sockaddr_in6 six = {.sin6_family = AF_INET6};
  int error;

  host.sin_addr.S_un.S_un_b.s_b1 = 127;
  assert_true(join(s, &host, sizeof host, JL_BOTH, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEADDRNOTAVAIL);
  assert_true(join(s, &six, sizeof six, JL_BOTH, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEAFNOSUPPORT);
  assert_true(join(s, &group, sizeof group, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEOPNOTSUPP);
  assert_true(join(stream, &group, sizeof group, JL_BOTH, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEOPNOTSUPP);
  assert_true(join(s, NULL, sizeof group, JL_BOTH, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEFAULT);
  close_socket(stream);
  close_socket(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_receiver_becomes_a_member),
      cmocka_unit_test(a_bound_socket_keeps_its_name),
      cmocka_unit_test(a_sender_does_not_become_a_member),
      cmocka_unit_test(an_address_that_is_not_a_group_is_refused),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
