/* Waits of the base provider are alertable: APCs that change the thread's hook or begin, run and
 * cancel other operations while a call waits (WinSock/pseudo-vs--true-blocking-2, decisions D2 and
 * D3). */
#include "support/cmocka_headers.h"

#include "support/fake_provider.h"
#include "support/loopback.h"

static struct receiver {
  SOCKET socket;
  HANDLE started;
  BOOL query_first; /* begin a layer's own operation before the call */
  int result;
  int error;
  int cancel_after; /* the thread's Ws2SpiCancelBlockingCall for itself after the call */
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

/* Another provider's operation inside the call, cancelled at once; the call must not end. */
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

/* The APC is queued after the thread has started, so it runs in the thread's only alertable wait.
 * If no data is sent, the APC must end the call. */
static void receive_data_with(PAPCFUNC apc, BOOL data)
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
  if (data)
    must_send(pair[1], "x");
  join_thread(thread);
  close_pair(pair);
}

static void receive_with(PAPCFUNC apc)
{
  receive_data_with(apc, TRUE);
}

static void an_apc_runs_in_the_wait_and_does_not_end_it(void **state)
{
  receiver.query_first = FALSE;
  receive_with(remove_the_hook);
  assert_int_equal(in_apc.runs, 1);
  assert_int_equal(receiver.result, 1);
  assert_int_equal(receiver.error, 0);
}

static void an_operation_that_an_apc_begins_is_not_the_calls_own(void **state)
{
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
  receiver.query_first = TRUE;
  receive_with(remove_the_hook);
  assert_int_equal(in_apc.cancel, 0);
  assert_int_equal(receiver.result, 1);
  assert_int_equal(receiver.error, 0);
  assert_true(receiver.outer != 0);
  assert_int_equal(receiver.cancel_after, WSAEINVAL);
}

/* --- cancels in an APC ---------------------------------------------------------------- */

static DWORD entry_in_apc;
static BOOL went_on;
static int provider_cancel;

static BOOL CALLBACK hook_that_cancels(void)
{
  WSACancelBlockingCall();
  return FALSE;
}

/* Begins another operation and runs it until its hook cancels it. */
static void CALLBACK run_another_to_its_cancel(ULONG_PTR unused)
{
  int error;

  (void)unused;
  WSASetBlockingHook((FARPROC)hook_that_cancels);
  WPUQueryBlockingCallback(entry_in_apc, &in_apc.callback, &in_apc.context, &error);
  went_on = in_apc.callback == NULL || in_apc.callback(in_apc.context);
  InterlockedIncrement(&in_apc.runs);
}

static void an_operation_of_an_apc_is_cancelled_by_its_hook(void **state)
{
  receiver.query_first = FALSE;
  entry_in_apc = UDP_ENTRY; /* also of the base provider, which must cancel the right one */
  went_on = TRUE;
  receive_with(run_another_to_its_cancel);
  assert_non_null(in_apc.callback);
  assert_false(went_on);
  assert_int_equal(receiver.result, 1);
  assert_int_equal(receiver.error, 0);
}

/* The current operation belongs to another provider, so the base provider cancels its own wait. */
static void CALLBACK cancel_through_the_base_provider(ULONG_PTR unused)
{
  int error;

  (void)unused;
  WSASetBlockingHook((FARPROC)quiet_hook);
  WPUQueryBlockingCallback(entry_in_apc, &in_apc.callback, &in_apc.context, &error);
  in_apc.cancel = base.lpWSPCancelBlockingCall(&provider_cancel);
  went_on = in_apc.callback(in_apc.context);
  InterlockedIncrement(&in_apc.runs);
}

static void the_base_providers_cancel_ends_its_own_wait(void **state)
{
  int error;

  fake_provider_reset();
  entry_in_apc = fake_provider_register();
  receiver.query_first = FALSE;
  provider_cancel = UNTOUCHED;
  went_on = FALSE;
  receive_data_with(cancel_through_the_base_provider, FALSE);
  assert_int_equal(in_apc.cancel, 0);
  assert_int_equal(provider_cancel, 0);
  assert_true(went_on);
  assert_int_equal(receiver.result, SOCKET_ERROR);
  assert_int_equal(receiver.error, WSAEINTR);
  assert_int_equal(Ws2SpiUnregisterProvider(entry_in_apc, &error), 0);
}

/* --- a wait inside a wait ------------------------------------------------------------- */

static struct {
  SOCKET socket;
  HANDLE started;
  int result, error;
} inner;

static void CALLBACK receive_inside(ULONG_PTR unused)
{
  char byte;

  (void)unused;
  SetEvent(inner.started);
  inner.result = receive(inner.socket, &byte, 1, &inner.error);
}

static void CALLBACK set_a_hook(ULONG_PTR unused)
{
  (void)unused;
  WSASetBlockingHook((FARPROC)quiet_hook);
  InterlockedIncrement(&in_apc.runs);
}

static void a_hook_set_in_the_inner_wait_disturbs_neither(void **state)
{
  SOCKET outer_pair[2], inner_pair[2];
  HANDLE thread;
  DWORD id;

  new_pair(outer_pair);
  new_pair(inner_pair);
  memset(&in_apc, 0, sizeof in_apc);
  receiver.query_first = FALSE;
  receiver.socket = outer_pair[0];
  receiver.started = CreateEventW(NULL, FALSE, FALSE, NULL);
  inner.socket = inner_pair[0];
  inner.started = CreateEventW(NULL, FALSE, FALSE, NULL);
  inner.result = UNTOUCHED;
  thread = start_thread(receive_one, NULL, &id);
  assert_int_equal(WaitForSingleObject(receiver.started, LONG_TIME), WAIT_OBJECT_0);
  assert_true(QueueUserAPC(receive_inside, thread, 0));
  assert_int_equal(WaitForSingleObject(inner.started, LONG_TIME), WAIT_OBJECT_0);
  assert_true(QueueUserAPC(set_a_hook, thread, 0));
  while (in_apc.runs == 0)
    Sleep(1);
  must_send(inner_pair[1], "x");
  must_send(outer_pair[1], "x");
  join_thread(thread);
  assert_int_equal(inner.result, 1);
  assert_int_equal(receiver.result, 1);
  assert_int_equal(receiver.cancel_after, WSAEINVAL);
  CloseHandle(receiver.started);
  CloseHandle(inner.started);
  close_pair(outer_pair);
  close_pair(inner_pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_apc_runs_in_the_wait_and_does_not_end_it),
      cmocka_unit_test(an_operation_that_an_apc_begins_is_not_the_calls_own),
      cmocka_unit_test(a_hook_removed_in_the_wait_ends_the_operation_around_it),
      cmocka_unit_test(an_operation_of_an_apc_is_cancelled_by_its_hook),
      cmocka_unit_test(the_base_providers_cancel_ends_its_own_wait),
      cmocka_unit_test(a_hook_set_in_the_inner_wait_disturbs_neither),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
