/* A wait of the base provider is alertable, and what an APC does to the thread's hook
 * and operations while the call waits (WinSock/pseudo-vs--true-blocking-2, decisions D2 and D3). */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

static struct receiver {
  SOCKET socket;
  HANDLE started;
  BOOL query_first; /* a layer's own operation is under way around the call */
  int result;
  int error;
  int cancel_after; /* of Ws2SpiCancelBlockingCall on itself, after the call */
  DWORD_PTR outer;
} receiver;

static struct {
  volatile LONG runs;
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int cancel;
} in_apc;

static BOOL CALLBACK quiet_hook(void)
{
  return FALSE;
}

static DWORD WINAPI receive_one(void *unused)
{
  char byte;
  LPBLOCKINGCALLBACK callback;
  int error;

  (void)unused;
  if (receiver.query_first) {
    WSASetBlockingHook((FARPROC)quiet_hook);
    WPUQueryBlockingCallback(UDP_ENTRY, &callback, &receiver.outer, &error);
  }
  SetEvent(receiver.started);
  receiver.result = receive(receiver.socket, &byte, 1, &receiver.error);
  Ws2SpiCancelBlockingCall(GetCurrentThreadId(), &receiver.cancel_after);
  return 0;
}

/* A foreign operation inside the call, cancelled at once: the call must not notice. */
static void CALLBACK begin_and_cancel_another(ULONG_PTR unused)
{
  int error;

  (void)unused;
  WSASetBlockingHook((FARPROC)quiet_hook);
  WPUQueryBlockingCallback(UDP_ENTRY, &in_apc.callback, &in_apc.context, &error);
  Ws2SpiCancelBlockingCall(GetCurrentThreadId(), &in_apc.cancel);
  InterlockedIncrement(&in_apc.runs);
}

static void CALLBACK remove_the_hook(ULONG_PTR unused)
{
  (void)unused;
  in_apc.cancel = WSAUnhookBlockingHook();
  InterlockedIncrement(&in_apc.runs);
}

/* An APC that is queued once the thread runs can only run in its one alertable wait. */
static void receive_with(PAPCFUNC apc)
{
  SOCKET pair[2];
  DWORD id;
  HANDLE thread;

  memset(&in_apc, 0, sizeof in_apc);
  in_apc.cancel = UNTOUCHED;
  new_pair(pair);
  receiver.socket = pair[0];
  receiver.result = receiver.error = receiver.cancel_after = UNTOUCHED;
  receiver.started = CreateEventW(NULL, FALSE, FALSE, NULL);
  thread = start_thread(receive_one, NULL, &id);
  assert_int_equal(WaitForSingleObject(receiver.started, LONG_TIME), WAIT_OBJECT_0);
  CloseHandle(receiver.started);
  assert_true(QueueUserAPC(apc, thread, 0));
  while (in_apc.runs == 0)
    Sleep(1);
  must_send(pair[1], "x");
  join_thread(thread);
  close_pair(pair);
}

static void an_apc_runs_in_the_wait_and_the_call_goes_on(void **state)
{
  (void)state;
  receiver.query_first = FALSE;
  receive_with(remove_the_hook);
  assert_int_equal(in_apc.runs, 1);
  assert_int_equal(receiver.result, 1);
  assert_int_equal(receiver.error, 0);
}

static void an_operation_that_an_apc_begins_is_not_the_calls_own(void **state)
{
  (void)state;
  receiver.query_first = FALSE;
  receive_with(begin_and_cancel_another);
  assert_non_null(in_apc.callback);
  assert_int_equal(in_apc.cancel, 0);
  assert_int_equal(receiver.result, 1);
  assert_int_equal(receiver.error, 0);
  assert_int_equal(receiver.cancel_after, WSAEINVAL);
}

static void a_hook_removed_in_the_wait_ends_the_operation_around_it(void **state)
{
  (void)state;
  receiver.query_first = TRUE;
  receive_with(remove_the_hook);
  assert_int_equal(in_apc.cancel, 0);
  assert_int_equal(receiver.result, 1);
  assert_int_equal(receiver.error, 0);
  assert_true(receiver.outer != 0);
  assert_int_equal(receiver.cancel_after, WSAEINVAL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_apc_runs_in_the_wait_and_the_call_goes_on),
      cmocka_unit_test(an_operation_that_an_apc_begins_is_not_the_calls_own),
      cmocka_unit_test(a_hook_removed_in_the_wait_ends_the_operation_around_it),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
