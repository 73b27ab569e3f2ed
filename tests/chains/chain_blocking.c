/* Blocking calls through a chain: the hook runs, cancels end the calls, and WSPCancelBlockingCall
 * of each layer reaches the layer that the call is in. */
#include "chains/chains.h"
#include "support/blocked_call.h"

static void the_hook_runs_until_data_arrives(void **state)
{
  SOCKET pair[2], peer;
  char byte = 0;
  int error;

  new_pair(pair);
  peer = system_handle(pair[0]);
  install_hook(3, send_past_the_chain, &peer);
  assert_int_equal(receive(pair[1], &byte, 1, &error), 1);
  assert_true(remove_hook() >= 3);
  assert_int_equal(byte, 'x');
  close_pair(pair);
}

static void the_hook_cancels_a_receive(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  new_pair(pair);
  install_hook(2, cancel_here, NULL);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(remove_hook(), 2);
  close_pair(pair);
}

static void the_hook_cancels_a_receive_of_datagrams(void **state)
{
  struct sockaddr_in here;
  char byte;
  WSABUF list = {1, &byte};
  DWORD received = UNTOUCHED, flags = 0;
  int error = UNTOUCHED;
  SOCKET s;

  use_udp();
  s = new_datagram(&here);
  install_hook(2, cancel_here, NULL);
  assert_int_equal(
      base.lpWSPRecvFrom(s, &list, 1, &received, &flags, NULL, NULL, NULL, NULL, NULL, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(received, UNTOUCHED);
  assert_int_equal(remove_hook(), 2);
  close_socket(s);
}

static void the_hook_cancels_an_accept_that_loses_nothing(void **state)
{
  SOCKADDR_STORAGE address;
  int length;
  const SOCKET listener = new_listener(&address, &length);
  const SOCKET client = new_socket(AF_INET, SOCK_STREAM);
  SOCKET accepted;
  int error = UNTOUCHED;

  install_hook(1, cancel_here, NULL);
  assert_true(base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEINTR);
  remove_hook();
  assert_int_equal(base.lpWSPConnect(client, (struct sockaddr *)&address, length, NULL, NULL, NULL,
                                     NULL, &error),
                   0);
  accepted = base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error);
  assert_true(accepted != INVALID_SOCKET);
  assert_int_equal(error, 0);
  close_socket(accepted);
  close_socket(client);
  close_socket(listener);
}

static void the_hook_cancels_a_select(void **state)
{
  SOCKET pair[2];
  fd_set set;
  int error = UNTOUCHED;

  new_pair(pair);
  FD_ZERO(&set);
  FD_SET(pair[1], &set);
  install_hook(1, cancel_here, NULL);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  remove_hook();
  assert_int_equal(set.fd_count, 1);
  assert_true(set.fd_array[0] == pair[1]);
  close_pair(pair);
}

/* --- the layers' own cancel ----------------------------------------------------------- */

static int cancel_result, cancel_error;

static void cancel_through_the_table(void *unused)
{
  (void)unused;
  cancel_error = UNTOUCHED;
  cancel_result = base.lpWSPCancelBlockingCall(&cancel_error);
}

static void the_top_layers_cancel_reaches_the_base(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  new_pair(pair);
  install_hook(2, cancel_through_the_table, NULL);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(remove_hook(), 2);
  assert_int_equal(cancel_result, 0);
  assert_int_equal(cancel_error, 0);
  close_pair(pair);
}

static void a_cancel_without_a_call_is_refused(void **state)
{
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPCancelBlockingCall(&error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
}

/* Cancels through the chain for UDP, while the call is in the chain for TCP. A layer without
 * handles of its own returns the base provider's procedure, which serves all chains. */
static void cancel_through_the_other_table(void *unused)
{
  (void)unused;
  cancel_error = UNTOUCHED;
  cancel_result = chain.udp.lpWSPCancelBlockingCall(&cancel_error);
  if (cancel_result != 0)
    WSACancelBlockingCall();
}

static void a_layer_without_the_call_refuses_to_cancel(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  new_pair(pair);
  install_hook(1, cancel_through_the_other_table, NULL);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  remove_hook();
  assert_int_equal(cancel_result, chain.own_handles ? SOCKET_ERROR : 0);
  assert_int_equal(cancel_error, chain.own_handles ? WSAEINVAL : 0);
  close_pair(pair);
}

/* --- other threads -------------------------------------------------------------------- */

static void another_thread_cancels_a_receive(void **state)
{
  SOCKET pair[2];
  struct blocked_call call;

  new_pair(pair);
  start_call(&call, blocked_receive, pair[1]);
  assert_true(cancel_thread(call.thread_id));
  join_failed_call(&call, WSAEINTR);
  close_pair(pair);
}

static void a_close_ends_a_receive_of_another_thread(void **state)
{
  SOCKET pair[2];
  struct blocked_call call;

  new_pair(pair);
  start_call_and_wait_for_hook(&call, blocked_receive, pair[1]);
  close_socket(pair[1]);
  join_failed_call(&call, WSAEINTR);
  close_socket(pair[0]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_hook_runs_until_data_arrives),
      cmocka_unit_test(the_hook_cancels_a_receive),
      cmocka_unit_test(the_hook_cancels_a_receive_of_datagrams),
      cmocka_unit_test(the_hook_cancels_an_accept_that_loses_nothing),
      cmocka_unit_test(the_hook_cancels_a_select),
      cmocka_unit_test(the_top_layers_cancel_reaches_the_base),
      cmocka_unit_test(a_cancel_without_a_call_is_refused),
      cmocka_unit_test(a_layer_without_the_call_refuses_to_cancel),
      cmocka_unit_test(another_thread_cancels_a_receive),
      cmocka_unit_test(a_close_ends_a_receive_of_another_thread),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
