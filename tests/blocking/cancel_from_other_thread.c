/* Ws2SpiCancelBlockingCall: decision D4. The blocked thread runs a provider's blocking loop
 * until its call is cancelled or complete. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"

enum { TCP_ENTRY = 1001, UNTOUCHED = 0x5A5A, LONG_TIME = 20000 };

struct blocking_call {
  HANDLE thread;
  DWORD thread_id;
  HANDLE begun;
  HANDLE complete;
  BOOL cancelled;
};

static volatile LONG hook_runs;

static BOOL CALLBACK counting_hook(void)
{
  InterlockedIncrement(&hook_runs);
  return FALSE;
}

static DWORD WINAPI block(void *parameter)
{
  struct blocking_call *call = parameter;
  LPBLOCKINGCALLBACK callback = NULL;
  DWORD_PTR context = 0;
  int error;

  WSASetBlockingHook((FARPROC)counting_hook);
  WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error);
  SetEvent(call->begun);
  do {
    call->cancelled = !callback(context);
  } while (!call->cancelled && WaitForSingleObject(call->complete, 1) == WAIT_TIMEOUT);
  return 0;
}

static void begin_call(struct blocking_call *call)
{
  call->begun = CreateEventW(NULL, TRUE, FALSE, NULL);
  call->complete = CreateEventW(NULL, TRUE, FALSE, NULL);
  call->cancelled = FALSE;
  call->thread = CreateThread(NULL, 0, block, call, 0, &call->thread_id);
  assert_int_equal(WaitForSingleObject(call->begun, LONG_TIME), WAIT_OBJECT_0);
}

static void join_call(struct blocking_call *call)
{
  assert_int_equal(WaitForSingleObject(call->thread, LONG_TIME), WAIT_OBJECT_0);
  CloseHandle(call->thread);
  CloseHandle(call->begun);
  CloseHandle(call->complete);
}

static int cancel(DWORD thread_id)
{
  int error = UNTOUCHED;
  const int result = Ws2SpiCancelBlockingCall(thread_id, &error);

  assert_int_equal(result, error == 0 ? 0 : SOCKET_ERROR);
  return error;
}

static void it_ends_the_call_of_another_thread(void **state)
{
  struct blocking_call call;

  begin_call(&call);
  assert_int_equal(cancel(call.thread_id), 0);
  join_call(&call);
  assert_true(call.cancelled);
}

static void it_ends_that_threads_call_only(void **state)
{
  struct blocking_call cancelled;
  struct blocking_call bystander;

  begin_call(&bystander);
  begin_call(&cancelled);
  assert_int_equal(cancel(cancelled.thread_id), 0);
  join_call(&cancelled);
  SetEvent(bystander.complete);
  join_call(&bystander);
  assert_true(cancelled.cancelled);
  assert_false(bystander.cancelled);
}

static void a_second_cancel_succeeds_and_does_nothing(void **state)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error;

  WSASetBlockingHook((FARPROC)counting_hook);
  assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error), 0);
  assert_int_equal(cancel(GetCurrentThreadId()), 0);
  assert_int_equal(cancel(GetCurrentThreadId()), 0);
  assert_false(callback(context));
  assert_int_equal(WSAUnhookBlockingHook(), 0);
}

static void a_thread_without_an_operation_has_nothing_to_cancel(void **state)
{
  assert_int_equal(cancel(GetCurrentThreadId()), WSAEINVAL);
  WSASetBlockingHook((FARPROC)counting_hook);
  assert_int_equal(cancel(GetCurrentThreadId()), WSAEINVAL);
  assert_int_equal(WSAUnhookBlockingHook(), 0);
}

static void unhooking_ends_the_operation(void **state)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error;

  WSASetBlockingHook((FARPROC)counting_hook);
  assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error), 0);
  assert_int_equal(WSAUnhookBlockingHook(), 0);
  assert_int_equal(cancel(GetCurrentThreadId()), WSAEINVAL);
}

static void a_thread_that_does_not_exist_is_invalid(void **state)
{
  assert_int_equal(cancel(0), WSAEINVAL);
  assert_int_equal(cancel(0xFFFFFFFF), WSAEINVAL);
  assert_int_equal(cancel(0x7FFFFFF0), WSAEINVAL);
}

static void a_thread_that_has_ended_is_invalid(void **state)
{
  struct blocking_call call;

  begin_call(&call);
  SetEvent(call.complete);
  assert_int_equal(WaitForSingleObject(call.thread, LONG_TIME), WAIT_OBJECT_0);
  assert_int_equal(cancel(call.thread_id), WSAEINVAL);
  join_call(&call);
}

static void a_bad_error_pointer_cancels_nothing(void **state)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error;

  WSASetBlockingHook((FARPROC)counting_hook);
  assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error), 0);
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    print_message("error pointer: %s\n", bad->kind);
    assert_int_equal(Ws2SpiCancelBlockingCall(GetCurrentThreadId(), bad_address(bad)),
                     SOCKET_ERROR);
    assert_true(callback(context));
  }
  assert_int_equal(WSAUnhookBlockingHook(), 0);
}

/* One thread cancels without pause while another begins operation after operation. An operation
 * that begins while the canceller is known to be idle must never be cancelled, and at most as
 * many operations may be cancelled as cancels succeeded. */
static struct {
  volatile LONG stop;
  volatile LONG allowed; /* the canceller may cancel */
  volatile LONG idle;    /* the canceller has stopped */
  DWORD victim;
  volatile LONG successes;
} storm;

static DWORD WINAPI cancel_without_pause(void *parameter)
{
  int error;

  (void)parameter;
  while (!storm.stop) {
    if (!storm.allowed) {
      InterlockedExchange(&storm.idle, TRUE);
      SwitchToThread();
      continue;
    }
    InterlockedExchange(&storm.idle, FALSE);
    if (Ws2SpiCancelBlockingCall(storm.victim, &error) == 0)
      InterlockedIncrement(&storm.successes);
  }
  return 0;
}

static void quieten(void)
{
  InterlockedExchange(&storm.allowed, FALSE);
  InterlockedExchange(&storm.idle, FALSE);
  while (!storm.idle)
    SwitchToThread();
}

static void no_cancel_reaches_a_later_operation(void **state)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  HANDLE thread;
  int error;
  LONG cancelled = 0;

  memset((void *)&storm, 0, sizeof storm);
  storm.victim = GetCurrentThreadId();
  WSASetBlockingHook((FARPROC)counting_hook);
  thread = CreateThread(NULL, 0, cancel_without_pause, NULL, 0, NULL);
  for (int round = 0; round < 500; round++) {
    InterlockedExchange(&storm.allowed, TRUE);
    for (const LONG before = storm.successes; storm.successes < before + 3;) {
      assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error), 0);
      cancelled += !callback(context);
    }
    quieten();
    assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error), 0);
    assert_true(callback(context));
  }
  InterlockedExchange(&storm.stop, TRUE);
  assert_int_equal(WaitForSingleObject(thread, LONG_TIME), WAIT_OBJECT_0);
  CloseHandle(thread);
  assert_int_equal(WSAUnhookBlockingHook(), 0);
  print_message("%ld cancels accepted, %ld operations cancelled\n", storm.successes, cancelled);
  assert_true(cancelled > 0);
  assert_true(cancelled <= storm.successes);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_ends_the_call_of_another_thread),
      cmocka_unit_test(it_ends_that_threads_call_only),
      cmocka_unit_test(a_second_cancel_succeeds_and_does_nothing),
      cmocka_unit_test(a_thread_without_an_operation_has_nothing_to_cancel),
      cmocka_unit_test(unhooking_ends_the_operation),
      cmocka_unit_test(a_thread_that_does_not_exist_is_invalid),
      cmocka_unit_test(a_thread_that_has_ended_is_invalid),
      cmocka_unit_test(a_bad_error_pointer_cancels_nothing),
      cmocka_unit_test(no_cancel_reaches_a_later_operation),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
