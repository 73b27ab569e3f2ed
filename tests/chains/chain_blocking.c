/* Blocking calls through a chain: the hook runs, cancels end them, and each layer's
 * WSPCancelBlockingCall goes on to the layer that the call is in. */
#include "chains/chains.h"

static void the_hook_runs_until_data_come(void **state)
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

/* --- the layers' own cancel --------------------------------------------------------------------- */

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

/* Each protocol has a chain of its own, and the call is in the other one. Those without
 * handles of their own hand out the base provider's procedure, for which all are one. */
static void cancel_through_the_other_table(void *unused)
{
  (void)unused;
  cancel_error = UNTOUCHED;
  cancel_result = chain.udp.lpWSPCancelBlockingCall(&cancel_error);
  if (cancel_result != 0)
    WSACancelBlockingCall();
}

static void a_layer_that_the_call_is_not_in_refuses(void **state)
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

/* --- other threads -------------------------------------------------------------------------------- */

struct call {
  SOCKET s;
  char byte;
  int result;
  int error;
};

static DWORD WINAPI receive_on_thread(void *parameter)
{
  struct call *call = parameter;

  call->result = receive(call->s, &call->byte, 1, &call->error);
  return 0;
}

static void another_thread_cancels_a_receive(void **state)
{
  SOCKET pair[2];
  struct call call;
  DWORD id;
  HANDLE thread;

  new_pair(pair);
  call = (struct call){.s = pair[1]};
  thread = start_thread(receive_on_thread, &call, &id);
  assert_true(cancel_thread(id));
  join_thread(thread);
  assert_int_equal(call.result, SOCKET_ERROR);
  assert_int_equal(call.error, WSAEINTR);
  close_pair(pair);
}

static HANDLE waiting;

static BOOL CALLBACK tell_that_it_waits(void)
{
  SetEvent(waiting);
  return FALSE;
}

static DWORD WINAPI receive_with_hook(void *parameter)
{
  WSASetBlockingHook((FARPROC)tell_that_it_waits);
  receive_on_thread(parameter);
  WSAUnhookBlockingHook();
  return 0;
}

static void a_close_ends_a_receive_of_another_thread(void **state)
{
  SOCKET pair[2];
  struct call call;
  DWORD id;
  HANDLE thread;

  waiting = CreateEventW(NULL, TRUE, FALSE, NULL);
  new_pair(pair);
  call = (struct call){.s = pair[1]};
  thread = start_thread(receive_with_hook, &call, &id);
  assert_int_equal(WaitForSingleObject(waiting, LONG_TIME), WAIT_OBJECT_0);
  close_socket(pair[1]);
  join_thread(thread);
  assert_int_equal(call.result, SOCKET_ERROR);
  assert_int_equal(call.error, WSAEINTR);
  close_socket(pair[0]);
  CloseHandle(waiting);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_hook_runs_until_data_come),
      cmocka_unit_test(the_hook_cancels_a_receive),
      cmocka_unit_test(the_hook_cancels_a_receive_of_datagrams),
      cmocka_unit_test(the_hook_cancels_an_accept_that_loses_nothing),
      cmocka_unit_test(the_hook_cancels_a_select),
      cmocka_unit_test(the_top_layers_cancel_reaches_the_base),
      cmocka_unit_test(a_cancel_without_a_call_is_refused),
      cmocka_unit_test(a_layer_that_the_call_is_not_in_refuses),
      cmocka_unit_test(another_thread_cancels_a_receive),
      cmocka_unit_test(a_close_ends_a_receive_of_another_thread),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
