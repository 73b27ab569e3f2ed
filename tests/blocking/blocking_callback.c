/* The callback that WPUQueryBlockingCallback returns: WinSock/blocking-hook-2, decisions D2 and
 * D3. */
#include "operation.h"

enum { TCP_ENTRY = 1001, UDP_ENTRY = 1002 };

static struct {
  unsigned runs;
  unsigned true_answers; /* the runs that return TRUE before the first FALSE */
  unsigned cancel_at;    /* the run that cancels, from 1; 0: none */
  int cancel_result;
  DWORD cancel_error;
  BOOL upper_bits_only;
} hook;

static INT_PTR CALLBACK scripted_hook(void)
{
  hook.runs++;
  if (hook.runs == hook.cancel_at) {
    hook.cancel_result = WSACancelBlockingCall();
    hook.cancel_error = GetLastError();
  }
#ifdef _WIN64
  /* A BOOL has 32 bits. The upper bits of the register have no meaning. */
  if (hook.upper_bits_only)
    return (INT_PTR)0x100000000;
#endif
  return hook.runs <= hook.true_answers;
}

static void cancel_from_outside(void)
{
  int error = -1;

  assert_int_equal(Ws2SpiCancelBlockingCall(GetCurrentThreadId(), &error), 0);
  assert_int_equal(error, 0);
}

static int install(void **state)
{
  memset(&hook, 0, sizeof hook);
  return WSASetBlockingHook((FARPROC)scripted_hook) != NULL ? 0 : -1;
}

static int unhook(void **state)
{
  return WSAUnhookBlockingHook();
}

static void a_hook_that_returns_false_runs_once(void **state)
{
  assert_true(run(begin(TCP_ENTRY)));
  assert_int_equal(hook.runs, 1);
}

static void a_hook_runs_until_it_returns_false(void **state)
{
  hook.true_answers = 4;
  assert_true(run(begin(TCP_ENTRY)));
  assert_int_equal(hook.runs, 5);
}

static void only_the_low_32_bits_of_the_hooks_result_count(void **state)
{
  hook.upper_bits_only = TRUE;
  hook.true_answers = sizeof(void *) == 8 ? 100 : 0;
  assert_true(run(begin(TCP_ENTRY)));
  assert_int_equal(hook.runs, 1);
}

static void a_cancel_in_the_hook_makes_the_callback_return_false(void **state)
{
  const struct operation operation = begin(TCP_ENTRY);

  hook.cancel_at = 1;
  assert_false(run(operation));
  assert_int_equal(hook.cancel_result, 0);
  assert_int_equal(hook.runs, 1);
}

static void a_cancel_ends_a_hook_that_always_returns_true(void **state)
{
  const struct operation operation = begin(TCP_ENTRY);

  hook.true_answers = 1000000;
  hook.cancel_at = 3;
  assert_false(run(operation));
  assert_int_equal(hook.runs, 3);
}

static void a_pending_cancel_runs_no_hook(void **state)
{
  const struct operation operation = begin(TCP_ENTRY);

  cancel_from_outside();
  assert_false(run(operation));
  assert_int_equal(hook.runs, 0);
  /* It stays cancelled, however often the provider calls. */
  assert_false(run(operation));
  assert_int_equal(hook.runs, 0);
}

static void a_cancel_does_not_reach_the_next_operation(void **state)
{
  hook.cancel_at = 1;
  assert_false(run(begin(TCP_ENTRY)));
  assert_true(run(begin(TCP_ENTRY)));
  assert_int_equal(hook.runs, 2);
}

static void every_operation_has_a_context_of_its_own(void **state)
{
  DWORD_PTR contexts[100];

  for (size_t i = 0; i < 100; i++) {
    contexts[i] = begin(TCP_ENTRY).context;
    for (size_t j = 0; j < i; j++)
      assert_true(contexts[j] != contexts[i]);
  }
}

static void unknown_contexts_return_true_and_run_nothing(void **state)
{
  const struct operation operation = begin(TCP_ENTRY);
  const DWORD_PTR foreign[] = {0,
                               1u << 20,
                               operation.context + 1,
                               operation.context + 1000,
                               (DWORD_PTR)-1,
                               (DWORD_PTR)(uintptr_t)&operation};

  for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
    assert_true(operation.callback(foreign[i]));
  assert_int_equal(hook.runs, 0);
  assert_true(run(operation));
  assert_int_equal(hook.runs, 1);
}

static void a_foreign_context_does_not_disturb_a_cancelled_operation(void **state)
{
  const struct operation operation = begin(TCP_ENTRY);

  cancel_from_outside();
  assert_true(operation.callback(operation.context + 77));
  assert_false(run(operation));
}

static void an_earlier_context_is_current_when_it_is_called_again(void **state)
{
  const struct operation outer = begin(TCP_ENTRY);
  const struct operation inner = begin(UDP_ENTRY);

  assert_true(run(inner));
  assert_true(run(outer));
  assert_int_equal(hook.runs, 2);
  cancel_from_outside(); /* the current one: outer */
  assert_false(run(outer));
  assert_true(run(inner));
}

static void a_cancel_of_the_outer_operation_outlives_inner_ones(void **state)
{
  const struct operation outer = begin(TCP_ENTRY);

  cancel_from_outside();
  for (int i = 0; i < 100; i++)
    assert_true(run(begin(UDP_ENTRY)));
  hook.runs = 0;
  assert_false(run(outer));
  assert_int_equal(hook.runs, 0);
}

static void a_layer_at_each_depth_keeps_its_own_cancel(void **state)
{
  struct operation layers[7];

  for (size_t i = 0; i < 7; i++) {
    layers[i] = begin(TCP_ENTRY);
    if (i % 2 == 0)
      cancel_from_outside();
  }
  for (size_t i = 7; i-- > 0;)
    assert_int_equal(run(layers[i]), i % 2 != 0);
}

static void the_first_of_many_contexts_stays_valid(void **state)
{
  const struct operation first = begin(TCP_ENTRY);

  for (int i = 0; i < 200000; i++)
    begin(TCP_ENTRY);
  assert_true(run(first));
  assert_int_equal(hook.runs, 1);
}

static void contexts_of_a_replaced_hook_are_foreign(void **state)
{
  const struct operation operation = begin(TCP_ENTRY);

  cancel_from_outside();
  assert_ptr_equal(WSASetBlockingHook((FARPROC)scripted_hook), scripted_hook);
  assert_true(run(operation));
  assert_int_equal(hook.runs, 0);
}

static void contexts_return_true_after_the_hook_was_removed(void **state)
{
  const struct operation operation = begin(TCP_ENTRY);

  cancel_from_outside();
  assert_int_equal(WSAUnhookBlockingHook(), 0);
  assert_true(run(operation));
  assert_int_equal(hook.runs, 0);
}

static DWORD WINAPI call_on_another_thread(void *parameter)
{
  return (DWORD)run(*(struct operation *)parameter);
}

static DWORD WINAPI call_on_another_hooked_thread(void *parameter)
{
  WSASetBlockingHook((FARPROC)scripted_hook);
  return (DWORD)run(*(struct operation *)parameter);
}

static DWORD run_elsewhere(LPTHREAD_START_ROUTINE routine, struct operation operation)
{
  DWORD answer = 77;
  HANDLE thread = CreateThread(NULL, 0, routine, &operation, 0, NULL);

  assert_int_equal(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
  GetExitCodeThread(thread, &answer);
  CloseHandle(thread);
  return answer;
}

/* A documented limit: a worker thread that uses the context of its caller. */
static void on_another_thread_the_context_is_foreign(void **state)
{
  const struct operation operation = begin(TCP_ENTRY);

  cancel_from_outside();
  assert_int_equal(run_elsewhere(call_on_another_thread, operation), TRUE);
  assert_int_equal(run_elsewhere(call_on_another_hooked_thread, operation), TRUE);
  assert_int_equal(hook.runs, 0);
  assert_false(run(operation));
}

static struct operation nested;
static int nested_answer;
static BOOL CALLBACK hook_that_nests(void)
{
  hook.runs++;
  nested_answer = run(nested);
  return FALSE;
}

static void a_nested_callback_runs_no_hook(void **state)
{
  assert_non_null(WSASetBlockingHook((FARPROC)hook_that_nests));
  nested = begin(TCP_ENTRY);
  nested_answer = -1;
  assert_true(run(nested));
  assert_int_equal(hook.runs, 1);
  assert_int_equal(nested_answer, TRUE);
}

int main(void)
{
#define WITH_HOOK(test) cmocka_unit_test_setup_teardown(test, install, unhook)
  const struct CMUnitTest tests[] = {
      WITH_HOOK(a_hook_that_returns_false_runs_once),
      WITH_HOOK(a_hook_runs_until_it_returns_false),
      WITH_HOOK(only_the_low_32_bits_of_the_hooks_result_count),
      WITH_HOOK(a_cancel_in_the_hook_makes_the_callback_return_false),
      WITH_HOOK(a_cancel_ends_a_hook_that_always_returns_true),
      WITH_HOOK(a_pending_cancel_runs_no_hook),
      WITH_HOOK(a_cancel_does_not_reach_the_next_operation),
      WITH_HOOK(every_operation_has_a_context_of_its_own),
      WITH_HOOK(unknown_contexts_return_true_and_run_nothing),
      WITH_HOOK(a_foreign_context_does_not_disturb_a_cancelled_operation),
      WITH_HOOK(an_earlier_context_is_current_when_it_is_called_again),
      WITH_HOOK(a_cancel_of_the_outer_operation_outlives_inner_ones),
      WITH_HOOK(a_layer_at_each_depth_keeps_its_own_cancel),
      WITH_HOOK(the_first_of_many_contexts_stays_valid),
      WITH_HOOK(contexts_of_a_replaced_hook_are_foreign),
      WITH_HOOK(contexts_return_true_after_the_hook_was_removed),
      WITH_HOOK(on_another_thread_the_context_is_foreign),
      WITH_HOOK(a_nested_callback_runs_no_hook),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
