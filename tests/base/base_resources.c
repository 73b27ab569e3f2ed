/* No call leaks memory or handles, whether it succeeds, is cancelled, or its thread ends inside the
 * hook. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"
#include "support/process_resources.h"

enum { ROUNDS = 40 };

static void cancel_a_receive(SOCKET s)
{
  char byte;
  int error;

  install_hook(1, cancel_here, NULL);
  assert_int_equal(receive(s, &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  remove_hook();
}

static void cancel_a_select(SOCKET s)
{
  fd_set set;
  int error;

  FD_ZERO(&set);
  FD_SET(s, &set);
  install_hook(1, cancel_here, NULL);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  remove_hook();
}

static void one_round_of_calls(void)
{
  SOCKET pair[2];
  char buffer[8];
  int error;

  new_pair(pair);
  must_send(pair[0], "ab");
  assert_int_equal(receive_flags(pair[1], buffer, 1, MSG_PEEK, &error), 1);
  assert_int_equal(receive(pair[1], buffer, 2, &error), 2);
  cancel_a_receive(pair[1]);
  cancel_a_select(pair[1]);
  install_hook(1, send_text, &pair[0]);
  assert_int_equal(receive(pair[1], buffer, 2, &error), 1);
  remove_hook();
  close_pair(pair);
}

static BOOL CALLBACK end_the_thread(void)
{
  ExitThread(0);
}

/* Ten buffers are more than fit in struct caller_buffers, so the copy is on the heap. */
static DWORD WINAPI end_inside_calls(void *parameter)
{
  const SOCKET s = *(SOCKET *)parameter;
  static char buffer[10];
  WSABUF list[10];
  DWORD received;
  DWORD flags = 0;
  int error;

  for (int i = 0; i < 10; i++)
    list[i] = (WSABUF){1, &buffer[i]};
  WSASetBlockingHook((FARPROC)end_the_thread);
  base.lpWSPRecv(s, list, 10, &received, &flags, NULL, NULL, NULL, &error);
  return 0;
}

static void one_round_of_lost_threads(void)
{
  SOCKET pair[2];
  DWORD id;

  new_pair(pair);
  join_thread(start_thread(end_inside_calls, &pair[1], &id));
  close_pair(pair);
}

static void assert_leaks_nothing(void (*round)(void))
{
  size_t handles;
  size_t blocks;

  for (int i = 0; i < 5; i++)
    round();
  handles = open_handles();
  blocks = heap_blocks();
  for (int i = 0; i < ROUNDS; i++)
    round();
  /* Fewer than one per round: the system itself creates and frees a few. */
  assert_in_range(open_handles(), 1, handles + ROUNDS / 4);
  assert_in_range(heap_blocks(), 1, blocks + ROUNDS / 4);
}

static void calls_leak_nothing(void **state)
{
  assert_leaks_nothing(one_round_of_calls);
}

static void threads_that_end_in_the_hook_leak_nothing(void **state)
{
  assert_leaks_nothing(one_round_of_lost_threads);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(calls_leak_nothing),
      cmocka_unit_test(threads_that_end_in_the_hook_leak_nothing),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
