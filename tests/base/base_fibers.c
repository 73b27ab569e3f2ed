/* A blocking call in a fiber whose hook switches to another fiber, and which a second thread
 * resumes. The operation belongs to the thread that began it (blocking/blocking.h), so its memory
 * must still exist when that thread ends. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

/* The thread that begins the call ends after the call has returned. */
static struct moved {
  DWORD (*work)(struct moved *call);
  SOCKET s;
  char buffer[8];
  int result;
  int error;
  DWORD began_on;
  DWORD returned_on;
  void *fiber;
  void *beginner;  /* the fiber of the thread that begins the call */
  void *successor; /* the fiber of the thread that resumes it */
  HANDLE switched;
  HANDLE returned;
} moved;

static BOOL CALLBACK switch_away_once(void)
{
  if (GetCurrentThreadId() == moved.began_on && moved.beginner != NULL) {
    void *beginner = moved.beginner;

    moved.beginner = NULL;
    SwitchToFiber(beginner);
  }
  return FALSE;
}

static void CALLBACK call_in_fiber(void *parameter)
{
  struct moved *call = parameter;

  call->began_on = GetCurrentThreadId();
  WSASetBlockingHook((FARPROC)switch_away_once);
  call->work(call);
  call->returned_on = GetCurrentThreadId();
  SwitchToFiber(call->successor);
}

static DWORD WINAPI begin_the_call(void *unused)
{
  (void)unused;
  moved.beginner = ConvertThreadToFiber(NULL);
  SwitchToFiber(moved.fiber);
  SetEvent(moved.switched);
  WaitForSingleObject(moved.returned, LONG_TIME);
  return 0;
}

static DWORD WINAPI take_the_call_over(void *unused)
{
  (void)unused;
  moved.successor = ConvertThreadToFiber(NULL);
  if (WaitForSingleObject(moved.switched, LONG_TIME) == WAIT_OBJECT_0)
    SwitchToFiber(moved.fiber);
  SetEvent(moved.returned);
  return 0;
}

static void must_move(DWORD (*work)(struct moved *call), SOCKET s, SOCKET peer)
{
  const struct moved none = {.work = work, .s = s, .result = UNTOUCHED, .error = UNTOUCHED};
  HANDLE threads[2];
  DWORD ids[2];

  moved = none;
  moved.switched = CreateEventW(NULL, TRUE, FALSE, NULL);
  moved.returned = CreateEventW(NULL, TRUE, FALSE, NULL);
  moved.fiber = CreateFiber(0, call_in_fiber, &moved);
  threads[0] = start_thread(begin_the_call, NULL, &ids[0]);
  threads[1] = start_thread(take_the_call_over, NULL, &ids[1]);
  assert_int_equal(WaitForSingleObject(moved.switched, LONG_TIME), WAIT_OBJECT_0);
  must_send(peer, "data");
  join_thread(threads[1]);
  join_thread(threads[0]);
  assert_int_equal(moved.began_on, ids[0]);
  assert_int_equal(moved.returned_on, ids[1]);
  DeleteFiber(moved.fiber);
  CloseHandle(moved.switched);
  CloseHandle(moved.returned);
}

static DWORD receive_into_many_buffers(struct moved *call)
{
  WSABUF list[16] = {{sizeof call->buffer, call->buffer}};
  DWORD received = UNTOUCHED;
  DWORD flags = 0;

  call->result =
      base.lpWSPRecv(call->s, list, 16, &received, &flags, NULL, NULL, NULL, &call->error);
  return received;
}

static void a_receive_may_come_back_on_another_thread(void **state)
{
  SOCKET pair[2];

  for (int i = 0; i < 3; i++) {
    new_pair(pair);
    must_move(receive_into_many_buffers, pair[1], pair[0]);
    assert_int_equal(moved.result, 0);
    assert_int_equal(moved.error, 0);
    assert_string_equal(moved.buffer, "data");
    close_pair(pair);
  }
}

static DWORD select_for_reading(struct moved *call)
{
  fd_set set;

  FD_ZERO(&set);
  FD_SET(call->s, &set);
  call->result = base.lpWSPSelect(0, &set, NULL, NULL, NULL, &call->error);
  return 0;
}

static void a_select_may_come_back_on_another_thread(void **state)
{
  SOCKET pair[2];

  new_pair(pair);
  must_move(select_for_reading, pair[1], pair[0]);
  assert_int_equal(moved.result, 1);
  assert_int_equal(moved.error, 0);
  close_pair(pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_receive_may_come_back_on_another_thread),
      cmocka_unit_test(a_select_may_come_back_on_another_thread),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
