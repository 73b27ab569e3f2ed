/* New descriptors through a chain: WSPSocket, WSPAccept with a condition function,
 * WSPJoinLeaf. */
#include "chains/chains.h"

static SOCKADDR_STORAGE server;
static int server_length;

static SOCKET connect_to_server(void)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPConnect(s, (struct sockaddr *)&server, server_length, NULL, NULL, NULL,
                                     NULL, &error),
                   0);
  return s;
}

/* --- WSPSocket ------------------------------------------------------------------------ */

static void the_chains_own_information_makes_a_socket(void **state)
{
  WSAPROTOCOL_INFOW info = entry_info(chain.tcp_entry);
  int error = UNTOUCHED;
  const SOCKET s = base.lpWSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO,
                                    &info, 0, WSA_FLAG_OVERLAPPED, &error);

  assert_int_equal(error, 0);
  assert_true(s != INVALID_SOCKET);
  close_socket(s);
}

static void another_type_than_the_chains_is_refused(void **state)
{
  int error = UNTOUCHED;

  if (chain.layers[0] == NULL) /* the base serves all types */
    skip();
  assert_true(base.lpWSPSocket(AF_INET, SOCK_DGRAM, 0, NULL, 0, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAESOCKTNOSUPPORT);
  assert_true(base.lpWSPSocket(AF_INET6, SOCK_STREAM, 0, NULL, 0, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEAFNOSUPPORT);
}

static void a_socket_says_which_chain_it_belongs_to(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  const WSAPROTOCOL_INFOW expected = entry_info(chain.tcp_entry);
  WSAPROTOCOL_INFOW info;
  int length = sizeof info, error = UNTOUCHED;

  memset(&info, 0x5A, sizeof info);
  assert_int_equal(
      base.lpWSPGetSockOpt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &length, &error), 0);
  assert_int_equal(length, sizeof info);
  assert_int_equal(info.iSocketType, SOCK_STREAM);
  assert_int_equal(info.dwCatalogEntryId, expected.dwCatalogEntryId);
  assert_memory_equal(&info.ProviderId, &expected.ProviderId, sizeof info.ProviderId);
  assert_int_equal(info.dwServiceFlags1 & XP1_IFS_HANDLES, chain.own_handles ? 0 : XP1_IFS_HANDLES);
  if (chain.layers[0] != NULL)
    assert_memory_equal(&info.ProtocolChain, &expected.ProtocolChain, sizeof info.ProtocolChain);
  length = sizeof info - 1;
  assert_int_equal(
      base.lpWSPGetSockOpt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &length, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  close_socket(s);
}

/* --- WSPAccept ------------------------------------------------------------------------ */

static DWORD condition_thread;

static int CALLBACK condition(LPWSABUF caller, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos,
                              LPWSABUF callee, LPWSABUF callee_data, GROUP *group, DWORD_PTR answer)
{
  (void)caller, (void)caller_data, (void)sqos, (void)gqos, (void)callee, (void)callee_data;
  (void)group;
  condition_thread = GetCurrentThreadId();
  return (int)answer;
}

static void the_condition_function_decides(void **state)
{
  const SOCKET listener = new_listener(&server, &server_length);
  SOCKET client, accepted;
  int error = UNTOUCHED;

  client = connect_to_server();
  condition_thread = 0;
  assert_true(base.lpWSPAccept(listener, NULL, NULL, condition, CF_DEFER, &error) ==
              INVALID_SOCKET);
  assert_int_equal(error, WSATRY_AGAIN);
  assert_int_equal(condition_thread, GetCurrentThreadId());
  accepted = base.lpWSPAccept(listener, NULL, NULL, condition, CF_ACCEPT, &error);
  assert_true(accepted != INVALID_SOCKET);
  assert_int_equal(error, 0);
  close_socket(accepted);
  close_socket(client);
  client = connect_to_server();
  assert_true(base.lpWSPAccept(listener, NULL, NULL, condition, CF_REJECT, &error) ==
              INVALID_SOCKET);
  assert_int_equal(error, WSAECONNREFUSED);
  close_socket(client);
  close_socket(listener);
}

static void an_accepted_socket_comes_with_its_peers_address(void **state)
{
  const SOCKET listener = new_listener(&server, &server_length);
  const SOCKET client = connect_to_server();
  struct sockaddr_in peer = {0}, name = {0};
  int length = sizeof peer, error = UNTOUCHED;
  const SOCKET accepted =
      base.lpWSPAccept(listener, (struct sockaddr *)&peer, &length, NULL, 0, &error);

  assert_true(accepted != INVALID_SOCKET);
  assert_int_equal(length, sizeof peer);
  assert_int_equal(base.lpWSPGetSockName(client, (struct sockaddr *)&name, &length, &error), 0);
  assert_int_equal(peer.sin_port, name.sin_port);
  close_socket(accepted);
  close_socket(client);
  close_socket(listener);
}

static void an_accept_that_would_wait_fails_on_a_nonblocking_listener(void **state)
{
  const SOCKET listener = new_listener(&server, &server_length);
  int error;

  assert_int_equal(set_nonblocking(listener, 1, &error), 0);
  error = UNTOUCHED;
  assert_true(base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEWOULDBLOCK);
  close_socket(listener);
}

/* --- WSPJoinLeaf ---------------------------------------------------------------------- */

static void a_leaf_joins_by_the_socket_itself(void **state)
{
  const struct sockaddr_in group = {.sin_family = AF_INET,
                                    .sin_addr = {.S_un.S_un_b = {239, 1, 2, 3}}};
  const struct ip_mreq membership = {group.sin_addr, {.S_un.S_addr = INADDR_ANY}};
  SOCKADDR_STORAGE own;
  int length, error = UNTOUCHED;
  SOCKET s;

  use_udp();
  s = new_bound(AF_INET, SOCK_DGRAM, &own, &length);
  assert_true(base.lpWSPJoinLeaf(s, (const struct sockaddr *)&group, sizeof group, NULL, NULL, NULL,
                                 NULL, JL_BOTH, &error) == s);
  assert_int_equal(error, 0);
  assert_int_equal(base.lpWSPSetSockOpt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP,
                                        (const char *)&membership, sizeof membership, &error),
                   0);
  assert_true(base.lpWSPJoinLeaf(s, (const struct sockaddr *)&group, sizeof group, NULL, NULL, NULL,
                                 NULL, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEOPNOTSUPP);
  close_socket(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_chains_own_information_makes_a_socket),
      cmocka_unit_test(another_type_than_the_chains_is_refused),
      cmocka_unit_test(a_socket_says_which_chain_it_belongs_to),
      cmocka_unit_test(the_condition_function_decides),
      cmocka_unit_test(an_accepted_socket_comes_with_its_peers_address),
      cmocka_unit_test(an_accept_that_would_wait_fails_on_a_nonblocking_listener),
      cmocka_unit_test(a_leaf_joins_by_the_socket_itself),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
