/* WSACancelBlockingCall: ws2spi/nc-ws2spi-lpwspcancelblockingcall, decision D4. */
#include "operation.h"

#include "support/fake_provider.h"

enum { TCP_ENTRY = 1001, UNTOUCHED = 0x5A5A };

static struct {
  unsigned cancels; /* how often the hook cancels */
  unsigned runs;
  int result[4];
  DWORD error[4];
} hook;

static BOOL CALLBACK hook_that_cancels(void)
{
  hook.runs++;
  for (unsigned i = 0; i < hook.cancels; i++) {
    SetLastError(UNTOUCHED);
    hook.result[i] = WSACancelBlockingCall();
    hook.error[i] = GetLastError();
  }
  return FALSE;
}

static DWORD fake_entry;
static WSPPROC_TABLE fake_table;

static int install(void **state)
{
  int error;

  fake_provider_reset();
  memset(&hook, 0, sizeof hook);
  hook.cancels = 1;
  fake_entry = fake_provider_register();
  if (fake_entry == 0 || Ws2SpiStartProvider(fake_entry, &fake_table, &error) != 0)
    return -1;
  return WSASetBlockingHook((FARPROC)hook_that_cancels) != NULL ? 0 : -1;
}

static int remove_all(void **state)
{
  int error;

  WSAUnhookBlockingHook();
  Ws2SpiStopProvider(fake_entry, &error);
  return Ws2SpiUnregisterProvider(fake_entry, &error);
}

static LONG provider_cancels(void)
{
  return fake_provider.call[FAKE_CancelBlockingCall].count;
}

static void outside_a_hook_there_is_nothing_to_cancel(void **state)
{
  const struct operation operation = begin(fake_entry);

  SetLastError(UNTOUCHED);
  assert_int_equal(WSACancelBlockingCall(), SOCKET_ERROR);
  assert_int_equal(GetLastError(), WSAEINVAL);
  assert_int_equal(provider_cancels(), 0);
  hook.cancels = 0;
  assert_true(run(operation));
}

static void the_first_cancel_calls_the_provider_that_queried(void **state)
{
  assert_false(run(begin(fake_entry)));
  assert_int_equal(hook.result[0], 0);
  assert_int_equal(provider_cancels(), 1);
}

static void further_cancels_succeed_and_do_nothing(void **state)
{
  hook.cancels = 3;
  assert_false(run(begin(fake_entry)));
  for (int i = 0; i < 3; i++)
    assert_int_equal(hook.result[i], 0);
  assert_int_equal(provider_cancels(), 1);
}

static void each_operation_calls_the_provider_again(void **state)
{
  for (LONG i = 1; i <= 5; i++) {
    assert_false(run(begin(fake_entry)));
    assert_int_equal(provider_cancels(), i);
  }
}

static void a_failed_cancel_of_the_provider_is_returned_and_cancels_nothing(void **state)
{
  const struct operation operation = begin(fake_entry);

  fake_provider.call[FAKE_CancelBlockingCall].result = SOCKET_ERROR;
  fake_provider.call[FAKE_CancelBlockingCall].error = WSAENETDOWN;
  assert_true(run(operation));
  assert_int_equal(hook.result[0], SOCKET_ERROR);
  assert_int_equal(hook.error[0], WSAENETDOWN);
  /* The operation continues, and the next cancel asks the provider again. */
  fake_provider.call[FAKE_CancelBlockingCall].result = 0;
  assert_false(run(operation));
  assert_int_equal(hook.result[0], 0);
  assert_int_equal(provider_cancels(), 2);
}

static void a_failed_cancel_without_a_code_is_wsasyscallfailure(void **state)
{
  fake_provider.call[FAKE_CancelBlockingCall].result = SOCKET_ERROR;
  fake_provider.call[FAKE_CancelBlockingCall].error = 0;
  assert_true(run(begin(fake_entry)));
  assert_int_equal(hook.result[0], SOCKET_ERROR);
  assert_int_equal(hook.error[0], WSASYSCALLFAILURE);
}

static void a_provider_that_is_not_started_is_not_called(void **state)
{
  struct operation operation;
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiStopProvider(fake_entry, &error), 0);
  operation = begin(fake_entry);
  assert_false(run(operation));
  assert_int_equal(hook.result[0], 0);
  assert_int_equal(provider_cancels(), 0);
}

static void an_entry_that_has_left_the_catalog_can_still_be_cancelled(void **state)
{
  const struct operation operation = begin(fake_entry);
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiUnregisterProvider(fake_entry, &error), 0);
  assert_false(run(operation));
  assert_int_equal(provider_cancels(), 1);
  assert_int_equal(Ws2SpiStopProvider(fake_entry, &error), 0);
  fake_entry = fake_provider_register();
  assert_int_equal(Ws2SpiStartProvider(fake_entry, &fake_table, &error), 0);
}

static void no_provider_is_asked_after_it_was_stopped_and_removed(void **state)
{
  const struct operation operation = begin(fake_entry);
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiStopProvider(fake_entry, &error), 0);
  assert_int_equal(Ws2SpiUnregisterProvider(fake_entry, &error), 0);
  assert_false(run(operation));
  assert_int_equal(hook.result[0], 0);
  assert_int_equal(provider_cancels(), 0);
  fake_entry = fake_provider_register();
  assert_int_equal(Ws2SpiStartProvider(fake_entry, &fake_table, &error), 0);
}

static DWORD WINAPI allocate_ids(void *unused)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error;

  (void)unused;
  WSASetBlockingHook((FARPROC)hook_that_cancels);
  for (int i = 0; i < 40; i++)
    WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error);
  return 0;
}

/* Other threads begin operations between the outer and the inner one, so the ids of these two do
 * not follow each other. */
static void the_provider_of_an_outer_operation_is_still_known(void **state)
{
  const struct operation outer = begin(fake_entry);
  HANDLE thread = CreateThread(NULL, 0, allocate_ids, NULL, 0, NULL);

  assert_int_equal(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
  CloseHandle(thread);
  for (int i = 0; i < 63; i++)
    begin(TCP_ENTRY);
  assert_false(run(outer));
  assert_int_equal(hook.result[0], 0);
  assert_int_equal(provider_cancels(), 1);
}

/* The operation is cancelled all the same. */
static void the_provider_of_a_much_older_operation_is_not_asked(void **state)
{
  const struct operation outer = begin(fake_entry);

  for (int i = 0; i < 64; i++)
    begin(TCP_ENTRY);
  assert_false(run(outer));
  assert_int_equal(hook.result[0], 0);
  assert_int_equal(provider_cancels(), 0);
}

static void a_cancel_from_another_thread_does_not_call_the_provider(void **state)
{
  const struct operation operation = begin(fake_entry);
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiCancelBlockingCall(GetCurrentThreadId(), &error), 0);
  assert_false(run(operation));
  assert_int_equal(provider_cancels(), 0);
  assert_int_equal(hook.runs, 0);
}

/* A query with a base id from outside the base provider: the base provider's
 * WSPCancelBlockingCall cancels the operation, because it began with a base id. */
static void the_base_provider_marks_an_operation_of_its_own_id(void **state)
{
  WSPPROC_TABLE base;
  int error = UNTOUCHED;
  struct operation operation;

  assert_int_equal(Ws2SpiStartProvider(TCP_ENTRY, &base, &error), 0);
  error = UNTOUCHED;
  assert_int_equal(base.lpWSPCancelBlockingCall(&error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  operation = begin(TCP_ENTRY);
  assert_int_equal(base.lpWSPCancelBlockingCall(&error), 0);
  assert_int_equal(error, 0);
  assert_false(run(operation));
  begin(fake_entry);
  error = UNTOUCHED;
  assert_int_equal(base.lpWSPCancelBlockingCall(&error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(Ws2SpiStopProvider(TCP_ENTRY, &error), 0);
}

static WSPPROC_TABLE base_table;

static DWORD WINAPI cancel_through_base(void *error)
{
  return (DWORD)base_table.lpWSPCancelBlockingCall(error);
}

static void the_base_provider_has_nothing_to_cancel_on_a_new_thread(void **state)
{
  int error = UNTOUCHED, cancel_error = UNTOUCHED;
  HANDLE thread;

  assert_int_equal(Ws2SpiStartProvider(TCP_ENTRY, &base_table, &error), 0);
  thread = CreateThread(NULL, 0, cancel_through_base, &cancel_error, 0, NULL);
  assert_int_equal(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
  CloseHandle(thread);
  assert_int_equal(cancel_error, WSAEINVAL);
  assert_int_equal(Ws2SpiStopProvider(TCP_ENTRY, &error), 0);
}

static void a_providers_loop_ends_with_wsaeintr(void **state)
{
  char byte;
  WSABUF buffer = {1, &byte};
  DWORD received = UNTOUCHED;
  DWORD flags = 0;
  int error = UNTOUCHED;

  fake_provider.blocking_recv = TRUE;
  assert_int_equal(fake_table.lpWSPRecv(1, &buffer, 1, &received, &flags, NULL, NULL, NULL, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(hook.runs, 1);
  assert_int_equal(provider_cancels(), 1);
}

int main(void)
{
#define WITH_PROVIDER(test) cmocka_unit_test_setup_teardown(test, install, remove_all)
  const struct CMUnitTest tests[] = {
      WITH_PROVIDER(outside_a_hook_there_is_nothing_to_cancel),
      WITH_PROVIDER(the_first_cancel_calls_the_provider_that_queried),
      WITH_PROVIDER(further_cancels_succeed_and_do_nothing),
      WITH_PROVIDER(each_operation_calls_the_provider_again),
      WITH_PROVIDER(a_failed_cancel_of_the_provider_is_returned_and_cancels_nothing),
      WITH_PROVIDER(a_failed_cancel_without_a_code_is_wsasyscallfailure),
      WITH_PROVIDER(a_provider_that_is_not_started_is_not_called),
      WITH_PROVIDER(an_entry_that_has_left_the_catalog_can_still_be_cancelled),
      WITH_PROVIDER(no_provider_is_asked_after_it_was_stopped_and_removed),
      WITH_PROVIDER(the_provider_of_an_outer_operation_is_still_known),
      WITH_PROVIDER(the_provider_of_a_much_older_operation_is_not_asked),
      WITH_PROVIDER(a_cancel_from_another_thread_does_not_call_the_provider),
      WITH_PROVIDER(the_base_provider_marks_an_operation_of_its_own_id),
      WITH_PROVIDER(the_base_provider_has_nothing_to_cancel_on_a_new_thread),
      WITH_PROVIDER(a_providers_loop_ends_with_wsaeintr),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
