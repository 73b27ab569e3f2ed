/* Sockets and operations of a chain leak no handles. */
#include "chains/pending.h"
#include "support/process_resources.h"

enum { WARM_UP = 20, ROUNDS = 60 };

static void complete_a_receive(SOCKET pair[2])
{
  struct pending call;

  start_receive(&call, pair[1], NULL, note_completion, NULL);
  must_send(pair[0], "x");
  wait_for_routine(&call);
}

static void abort_a_receive(SOCKET pair[2])
{
  struct pending call;

  start_receive(&call, pair[1], NULL, NULL, NULL);
  close_pair(pair);
  wait_by_polling(&call);
}

static void one_round(void)
{
  const SOCKET unused = new_socket(AF_INET, SOCK_STREAM);
  SOCKET pair[2];
  SOCKADDR_STORAGE address;
  int length, error;
  const SOCKET listener = new_listener(&address, &length);

  assert_int_equal(set_nonblocking(listener, 1, &error), 0);
  assert_true(base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error) == INVALID_SOCKET);
  close_socket(listener);
  close_socket(unused);
  new_pair(pair);
  complete_a_receive(pair);
  abort_a_receive(pair);
}

static void run_rounds(int rounds)
{
  for (int i = 0; i < rounds; i++)
    one_round();
}

/* The handle of a socket is closed with its last operation, perhaps a little after the client was
 * notified. */
static size_t settled_handles(size_t goal)
{
  size_t handles = open_handles();

  for (int i = 0; i < 200 && handles > goal; i++) {
    Sleep(10);
    handles = open_handles();
  }
  return handles;
}

static void sockets_and_operations_leak_nothing(void **state)
{
  size_t before;

  run_rounds(WARM_UP);
  before = open_handles();
  assert_int_not_equal(before, 0);
  run_rounds(ROUNDS);
  /* The thread pool opens and closes a few. */
  assert_in_range(settled_handles(before), 1, before + 8);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sockets_and_operations_leak_nothing),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
