/* Races through a chain: each operation completes exactly once, whatever happens on its socket at
 * the same time. */
#include "chains/pending.h"

enum { THREADS = 16, ROUNDS = 6 };

/* All threads of a round begin together. */
struct start_line {
  volatile LONG arrived;
  LONG expected;
};

static void wait_at(struct start_line *line)
{
  InterlockedIncrement(&line->arrived);
  while (InterlockedCompareExchange(&line->arrived, 0, 0) < line->expected)
    SwitchToThread();
}

/* --- close against pending operations ------------------------------------------------- */

struct racer {
  SOCKET s;
  HANDLE port;
  struct start_line *line;
  struct pending call;
  int closed; /* the result of WSPCloseSocket, in the thread that closes */
  int close_error;
};

static DWORD WINAPI start_one(void *parameter)
{
  struct racer *racer = parameter;

  wait_at(racer->line);
  start_receive(&racer->call, racer->s, NULL, NULL, NULL);
  return 0;
}

static DWORD WINAPI close_one(void *parameter)
{
  struct racer *racer = parameter;

  wait_at(racer->line);
  racer->close_error = UNTOUCHED;
  racer->closed = base.lpWSPCloseSocket(racer->s, &racer->close_error);
  return 0;
}

/* Counts the packets for each OVERLAPPED. An operation may be aborted by the end of the thread that
 * started it instead of by the close; that queues a packet too. */
static void count_packets(HANDLE port, struct racer racers[THREADS], int count[THREADS])
{
  DWORD bytes;
  ULONG_PTR key;
  LPOVERLAPPED overlapped;
  int expected = 0;

  for (int i = 0; i < THREADS; i++) {
    count[i] = 0;
    if (was_started(&racers[i].call))
      expected++;
  }
  for (int seen = 0; seen < expected; seen++) {
    overlapped = NULL;
    GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, LONG_TIME);
    assert_non_null(overlapped);
    for (int i = 0; i < THREADS; i++)
      if (overlapped == &racers[i].call.overlapped)
        count[i]++;
  }
  overlapped = NULL;
  assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
  assert_null(overlapped);
}

static void race_one_close(void)
{
  static struct racer racers[THREADS];
  struct start_line line = {0, THREADS};
  int count[THREADS];
  HANDLE threads[THREADS], port;
  SOCKET pair[2];
  DWORD id;

  new_pair(pair);
  port = CreateIoCompletionPort((HANDLE)pair[1], NULL, 1, 0);
  assert_non_null(port);
  for (int i = 0; i < THREADS; i++) {
    racers[i] = (struct racer){.s = pair[1], .port = port, .line = &line};
    threads[i] = start_thread(i == THREADS / 2 ? close_one : start_one, &racers[i], &id);
  }
  for (int i = 0; i < THREADS; i++)
    join_thread(threads[i]);
  assert_int_equal(racers[THREADS / 2].closed, 0);
  racers[THREADS / 2].call.result = SOCKET_ERROR; /* the closing thread started no operation */
  count_packets(port, racers, count);
  for (int i = 0; i < THREADS; i++) {
    const BOOL started = i != THREADS / 2 && was_started(&racers[i].call);

    assert_int_equal(count[i], started);
    if (!started && i != THREADS / 2)
      assert_int_equal(racers[i].call.error, WSAENOTSOCK);
  }
  CloseHandle(port);
  close_socket(pair[0]);
}

/* For the system's own sockets this is up to the system. */
static void a_close_completes_each_pending_operation_once(void **state)
{
  if (!chain.own_handles)
    skip();
  for (int round = 0; round < ROUNDS; round++)
    race_one_close();
}

/* --- closes against each other -------------------------------------------------------- */

static void one_of_many_closes_succeeds(void **state)
{
  static struct racer racers[THREADS];
  HANDLE threads[THREADS];
  DWORD id;

  for (int round = 0; round < ROUNDS; round++) {
    const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
    struct start_line line = {0, THREADS};
    int succeeded = 0;

    for (int i = 0; i < THREADS; i++) {
      racers[i] = (struct racer){.s = s, .line = &line};
      threads[i] = start_thread(close_one, &racers[i], &id);
    }
    for (int i = 0; i < THREADS; i++)
      join_thread(threads[i]);
    for (int i = 0; i < THREADS; i++) {
      if (racers[i].closed == 0)
        succeeded++;
      else
        assert_int_equal(racers[i].close_error, WSAENOTSOCK);
    }
    assert_int_equal(succeeded, 1);
  }
}

/* --- a close against completion ------------------------------------------------------- */

struct sender {
  SOCKET s; /* the system's handle */
  struct start_line *line;
};

static DWORD WINAPI send_one(void *parameter)
{
  struct sender *sender = parameter;

  wait_at(sender->line);
  send_past_the_chain(&sender->s);
  return 0;
}

static void a_routine_runs_once_whether_data_or_the_close_came_first(void **state)
{
  for (int round = 0; round < 2 * ROUNDS; round++) {
    struct start_line line = {0, 2};
    struct racer closer;
    struct pending call;
    struct sender sender;
    HANDLE sending, closing;
    SOCKET pair[2];
    DWORD id;

    new_pair(pair);
    start_receive(&call, pair[1], NULL, note_completion, NULL);
    assert_int_equal(call.error, WSA_IO_PENDING);
    sender = (struct sender){system_handle(pair[0]), &line};
    closer = (struct racer){.s = pair[1], .line = &line};
    sending = start_thread(send_one, &sender, &id);
    closing = start_thread(close_one, &closer, &id);
    join_thread(sending);
    join_thread(closing);
    wait_for_routine(&call);
    SleepEx(0, TRUE);
    assert_int_equal(call.runs, 1);
    if (call.routine_error == 0)
      assert_int_equal(call.routine_bytes, 1);
    else /* Wine passes various errors to routines of the system's sockets */
      assert_true(call.routine_error == WSA_OPERATION_ABORTED || !chain.own_handles);
    close_socket(pair[0]);
  }
}

/* --- a cancel against completion ------------------------------------------------------ */

struct receiver {
  SOCKET s;
  char byte;
  int result;
  int error;
};

static DWORD WINAPI receive_blocking(void *parameter)
{
  struct receiver *receiver = parameter;

  receiver->result = receive(receiver->s, &receiver->byte, 1, &receiver->error);
  return 0;
}

/* If the receive was cancelled, the byte can still be received. */
static void a_cancel_loses_no_byte(void **state)
{
  for (int round = 0; round < ROUNDS; round++) {
    struct start_line line = {0, 1};
    struct receiver receiver;
    struct sender sender;
    HANDLE receiving, sending;
    SOCKET pair[2];
    DWORD id, ignored;

    new_pair(pair);
    sender = (struct sender){system_handle(pair[0]), &line};
    receiver = (struct receiver){.s = pair[1]};
    receiving = start_thread(receive_blocking, &receiver, &id);
    sending = start_thread(send_one, &sender, &ignored);
    while (WaitForSingleObject(receiving, 0) == WAIT_TIMEOUT) {
      int error;

      Ws2SpiCancelBlockingCall(id, &error);
    }
    join_thread(receiving);
    join_thread(sending);
    if (receiver.result != 1) {
      assert_int_equal(receiver.error, WSAEINTR);
      assert_int_equal(receive(pair[1], &receiver.byte, 1, &receiver.error), 1);
    }
    assert_int_equal(receiver.byte, 'x');
    close_pair(pair);
  }
}

/* --- look-ups against the reuse of handles -------------------------------------------- */

struct looker {
  volatile SOCKET s;
  volatile LONG over;
  LONG wrong;
};

/* A look-up finds this socket or fails; it never finds another one. */
static DWORD WINAPI look_on(void *parameter)
{
  struct looker *looker = parameter;

  while (!looker->over) {
    int type = 0, length = sizeof type, error = 0;

    if (base.lpWSPGetSockOpt(looker->s, SOL_SOCKET, SO_TYPE, (char *)&type, &length, &error) == 0
            ? type != SOCK_STREAM
            : error == 0)
      looker->wrong++;
  }
  return 0;
}

static void handles_come_and_go_under_look_ups(void **state)
{
  enum { LOOKERS = 3, SOCKETS = 30 };
  struct looker lookers[LOOKERS];
  HANDLE threads[LOOKERS];
  DWORD id;

  for (int i = 0; i < LOOKERS; i++) {
    lookers[i] = (struct looker){INVALID_SOCKET, 0, 0};
    threads[i] = start_thread(look_on, &lookers[i], &id);
  }
  for (int round = 0; round < SOCKETS; round++) {
    const SOCKET s = new_socket(AF_INET, SOCK_STREAM);

    for (int i = 0; i < LOOKERS; i++)
      lookers[i].s = s;
    SwitchToThread();
    close_socket(s);
  }
  for (int i = 0; i < LOOKERS; i++)
    lookers[i].over = 1;
  for (int i = 0; i < LOOKERS; i++) {
    join_thread(threads[i]);
    assert_int_equal(lookers[i].wrong, 0);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_close_completes_each_pending_operation_once),
      cmocka_unit_test(one_of_many_closes_succeeds),
      cmocka_unit_test(a_routine_runs_once_whether_data_or_the_close_came_first),
      cmocka_unit_test(a_cancel_loses_no_byte),
      cmocka_unit_test(handles_come_and_go_under_look_ups),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
