/* Records of threads that end, are terminated, change fibers or are many: decision D6. */
#include "operation.h"

enum { TCP_ENTRY = 1001, LONG_TIME = 60000, CROWD = 64, ROUNDS = 200 };

static void wait_and_close(HANDLE thread)
{
  assert_int_equal(WaitForSingleObject(thread, LONG_TIME), WAIT_OBJECT_0);
  CloseHandle(thread);
}

/* Runs on any thread, so it asserts nothing: without a callback the test fails later. */
static struct operation query(void)
{
  struct operation operation = {NULL, 0};
  int error;

  WPUQueryBlockingCallback(TCP_ENTRY, &operation.callback, &operation.context, &error);
  return operation;
}

/* --- a hook that ends its thread ---------------------------------------------------- */

static BOOL CALLBACK hook_that_ends_its_thread(void)
{
  ExitThread(42);
}

static DWORD WINAPI end_inside_the_hook(void *parameter)
{
  struct operation operation;

  (void)parameter;
  WSASetBlockingHook((FARPROC)hook_that_ends_its_thread);
  operation = query();
  operation.callback(operation.context);
  return 0;
}

static void a_hook_may_end_its_thread(void **state)
{
  for (int i = 0; i < 50; i++) {
    DWORD exit_code = 0;
    DWORD id;
    int error = -1;
    HANDLE thread = CreateThread(NULL, 0, end_inside_the_hook, NULL, 0, &id);

    assert_int_equal(WaitForSingleObject(thread, LONG_TIME), WAIT_OBJECT_0);
    assert_true(GetExitCodeThread(thread, &exit_code));
    assert_int_equal(exit_code, 42);
    assert_int_equal(Ws2SpiCancelBlockingCall(id, &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEINVAL);
    CloseHandle(thread);
  }
}

/* --- a thread that was terminated --------------------------------------------------- */

static BOOL CALLBACK quiet_hook(void)
{
  return FALSE;
}

static DWORD WINAPI begin_and_hang(void *parameter)
{
  WSASetBlockingHook((FARPROC)quiet_hook);
  query();
  SetEvent(*(HANDLE *)parameter);
  Sleep(INFINITE);
  return 0;
}

static DWORD WINAPI report_hook(void *parameter)
{
  const struct operation operation = query();

  *(BOOL *)parameter = operation.callback == NULL;
  WSASetBlockingHook((FARPROC)quiet_hook);
  *(BOOL *)parameter = *(BOOL *)parameter && query().callback != NULL;
  return 0;
}

static void a_terminated_thread_is_not_cancelled(void **state)
{
  HANDLE begun = CreateEventW(NULL, FALSE, FALSE, NULL);
  DWORD thread_id;
  int error = -1;
  HANDLE hung = CreateThread(NULL, 0, begin_and_hang, &begun, 0, &thread_id);

  assert_int_equal(WaitForSingleObject(begun, LONG_TIME), WAIT_OBJECT_0);
  assert_true(TerminateThread(hung, 0));
  assert_int_equal(WaitForSingleObject(hung, LONG_TIME), WAIT_OBJECT_0);
  assert_int_equal(Ws2SpiCancelBlockingCall(thread_id, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  CloseHandle(hung);
  CloseHandle(begun);
}

/* Whether or not the system gives the old id to the new thread, that must start without a hook. */
static void a_terminated_thread_leaves_nothing_for_the_next(void **state)
{
  HANDLE begun = CreateEventW(NULL, FALSE, FALSE, NULL);

  for (int i = 0; i < 20; i++) {
    BOOL clean = FALSE;
    HANDLE hung = CreateThread(NULL, 0, begin_and_hang, &begun, 0, NULL);

    assert_int_equal(WaitForSingleObject(begun, LONG_TIME), WAIT_OBJECT_0);
    assert_true(TerminateThread(hung, 0));
    wait_and_close(hung);
    wait_and_close(CreateThread(NULL, 0, report_hook, &clean, 0, NULL));
    assert_true(clean);
  }
  CloseHandle(begun);
}

static struct {
  DWORD id;
  BOOL met; /* a thread got that id */
  int before, after;
} successor;

static DWORD WINAPI cancel_the_predecessor(void *unused)
{
  (void)unused;
  if (GetCurrentThreadId() != successor.id)
    return 0;
  successor.met = TRUE;
  Ws2SpiCancelBlockingCall(successor.id, &successor.before);
  WSASetBlockingHook((FARPROC)quiet_hook);
  query();
  Ws2SpiCancelBlockingCall(successor.id, &successor.after);
  return 0;
}

/* Systems reuse thread ids; Wine does so after a few hundred threads. */
static void the_id_of_a_terminated_thread_may_be_given_again(void **state)
{
  HANDLE begun = CreateEventW(NULL, FALSE, FALSE, NULL);
  HANDLE hung = CreateThread(NULL, 0, begin_and_hang, &begun, 0, &successor.id);
  int error = -1;

  assert_int_equal(WaitForSingleObject(begun, LONG_TIME), WAIT_OBJECT_0);
  assert_true(TerminateThread(hung, 0));
  wait_and_close(hung);
  assert_int_equal(Ws2SpiCancelBlockingCall(successor.id, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  for (int i = 0; i < 5000 && !successor.met; i++)
    wait_and_close(CreateThread(NULL, 0, cancel_the_predecessor, NULL, 0, NULL));
  CloseHandle(begun);
  if (!successor.met) {
    print_message("this system gave the id to none of 5000 threads\n");
    skip();
  }
  assert_int_equal(successor.before, WSAEINVAL);
  assert_int_equal(successor.after, 0);
}

/* --- a hook that moves to another thread -------------------------------------------- */

static struct {
  LPVOID fiber_in_hook;
  LPVOID home;
  HANDLE left;
  HANDLE finished;
  int callback_result;
  BOOL first_is_blocking;
} fibers;

static BOOL CALLBACK hook_that_leaves_its_fiber(void)
{
  SwitchToFiber(fibers.home);
  return FALSE;
}

static void CALLBACK run_callback_in_a_fiber(void *parameter)
{
  const struct operation *operation = parameter;

  fibers.callback_result = operation->callback(operation->context);
  SwitchToFiber(fibers.home);
}

static DWORD WINAPI start_the_fiber(void *parameter)
{
  struct operation operation;

  (void)parameter;
  fibers.home = ConvertThreadToFiber(NULL);
  WSASetBlockingHook((FARPROC)hook_that_leaves_its_fiber);
  operation = query();
  fibers.fiber_in_hook = CreateFiber(0, run_callback_in_a_fiber, &operation);
  SwitchToFiber(fibers.fiber_in_hook);
  /* The hook has switched back here, and its fiber waits. */
  SetEvent(fibers.left);
  WaitForSingleObject(fibers.finished, LONG_TIME);
  fibers.first_is_blocking = WSAIsBlocking();
  return 0;
}

static DWORD WINAPI finish_the_fiber(void *parameter)
{
  (void)parameter;
  fibers.home = ConvertThreadToFiber(NULL);
  SwitchToFiber(fibers.fiber_in_hook);
  DeleteFiber(fibers.fiber_in_hook);
  return 0;
}

static void the_callback_returns_true_if_its_hook_returns_on_another_thread(void **state)
{
  HANDLE first;

  fibers.left = CreateEventW(NULL, FALSE, FALSE, NULL);
  fibers.finished = CreateEventW(NULL, FALSE, FALSE, NULL);
  fibers.callback_result = -1;
  fibers.first_is_blocking = -1;
  first = CreateThread(NULL, 0, start_the_fiber, NULL, 0, NULL);
  assert_int_equal(WaitForSingleObject(fibers.left, LONG_TIME), WAIT_OBJECT_0);
  wait_and_close(CreateThread(NULL, 0, finish_the_fiber, NULL, 0, NULL));
  assert_int_equal(fibers.callback_result, TRUE);
  SetEvent(fibers.finished);
  wait_and_close(first);
  /* Its record was not touched, so that thread still counts as being in its hook. */
  assert_int_equal(fibers.first_is_blocking, TRUE);
  CloseHandle(fibers.left);
  CloseHandle(fibers.finished);
}

/* --- a crowd ------------------------------------------------------------------------ */

struct member {
  unsigned seed;
  LONG mistakes;
  HANDLE thread;
  volatile DWORD id;
};

static struct member crowd[CROWD];

static unsigned random_below(struct member *member, unsigned limit)
{
  member->seed = member->seed * 1103515245u + 12345u;
  return (member->seed >> 16) % limit;
}

static BOOL CALLBACK hook_that_cancels(void)
{
  WSACancelBlockingCall();
  return FALSE;
}

static void one_operation(struct member *member)
{
  struct operation operation;

  if (WSASetBlockingHook((FARPROC)hook_that_cancels) == NULL)
    member->mistakes++;
  operation = query();
  /* The hook or another thread has cancelled, so both calls return FALSE. */
  if (operation.callback == NULL || operation.callback(operation.context) ||
      operation.callback(operation.context))
    member->mistakes++;
  if (WSAIsBlocking())
    member->mistakes++;
  if (WSAUnhookBlockingHook() != 0)
    member->mistakes++;
  if (query().callback != NULL)
    member->mistakes++;
}

static DWORD WINAPI live_in_the_crowd(void *parameter)
{
  struct member *member = parameter;
  struct operation operation;
  int error;

  member->id = GetCurrentThreadId();
  for (int round = 0; round < ROUNDS; round++) {
    one_operation(member);
    Ws2SpiCancelBlockingCall(crowd[random_below(member, CROWD)].id, &error);
  }
  /* Some threads end with a hook and an operation, some inside the hook. */
  WSASetBlockingHook((FARPROC)(random_below(member, 2) ? (FARPROC)hook_that_ends_its_thread
                                                       : (FARPROC)hook_that_cancels));
  operation = query();
  operation.callback(operation.context);
  return 0;
}

static void sixty_four_threads_at_once_do_not_disturb_each_other(void **state)
{
  LONG mistakes = 0;

  for (unsigned i = 0; i < CROWD; i++) {
    crowd[i].seed = i + 1;
    crowd[i].thread = CreateThread(NULL, 0, live_in_the_crowd, &crowd[i], 0, NULL);
    assert_non_null(crowd[i].thread);
  }
  for (unsigned i = 0; i < CROWD; i++) {
    wait_and_close(crowd[i].thread);
    mistakes += crowd[i].mistakes;
  }
  assert_int_equal(mistakes, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_hook_may_end_its_thread),
      cmocka_unit_test(a_terminated_thread_is_not_cancelled),
      cmocka_unit_test(a_terminated_thread_leaves_nothing_for_the_next),
      cmocka_unit_test(the_id_of_a_terminated_thread_may_be_given_again),
      cmocka_unit_test(the_callback_returns_true_if_its_hook_returns_on_another_thread),
      cmocka_unit_test(sixty_four_threads_at_once_do_not_disturb_each_other),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
