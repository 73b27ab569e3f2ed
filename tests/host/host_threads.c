/* Several threads, or one thread several times, start and stop one provider. */
#include "support/cmocka_headers.h"

#include "lsp_entries.h"

enum { PATIENCE_MS = 30000, STILL_WAITING_MS = 100 };

struct call {
  int (*function)(DWORD id);
  int outcome;
  HANDLE thread;
};

static DWORD id;
static WSPPROC_TABLE table;

static int prepare(void **state)
{
  fake_provider_reset();
  id = fake_provider_register();
  return id != 0 ? 0 : -1;
}

static int clean_up(void **state)
{
  int error;

  return Ws2SpiUnregisterProvider(id, &error);
}

static int start_it(DWORD entry)
{
  WSPPROC_TABLE received;
  int outcome;

  prime_table(&received);
  outcome = start(entry, &received);
  return outcome == 0 && is_primed(&received) ? -1 : outcome;
}

static DWORD WINAPI run(void *parameter)
{
  struct call *call = parameter;

  call->outcome = call->function(id);
  return 0;
}

static void begin(struct call *call, int (*function)(DWORD))
{
  call->function = function;
  call->outcome = -2;
  call->thread = CreateThread(NULL, 0, run, call, 0, NULL);
  assert_non_null(call->thread);
}

static void assert_blocked(const struct call *call)
{
  assert_int_equal(WaitForSingleObject(call->thread, STILL_WAITING_MS), WAIT_TIMEOUT);
}

static int outcome_of(struct call *call)
{
  assert_int_equal(WaitForSingleObject(call->thread, PATIENCE_MS), WAIT_OBJECT_0);
  CloseHandle(call->thread);
  return call->outcome;
}

static void wait_for(volatile LONG *count, LONG value)
{
  for (int i = 0; i < PATIENCE_MS && *count != value; i++)
    Sleep(1);
  assert_int_equal(*count, value);
}

static HANDLE closed_gate(void)
{
  HANDLE gate = CreateEventW(NULL, TRUE, FALSE, NULL);

  assert_non_null(gate);
  return gate;
}

static void assert_calls(LONG startups, LONG cleanups)
{
  assert_int_equal(fake_provider.startups, startups);
  assert_int_equal(fake_provider.call[FAKE_Cleanup].count, cleanups);
}

static void second_thread_waits_and_shares_success(void **state)
{
  struct call first, second;
  HANDLE gate = closed_gate();

  fake_provider.startup_gate = gate;
  begin(&first, start_it);
  wait_for(&fake_provider.startups, 1);
  begin(&second, start_it);
  assert_blocked(&second);
  SetEvent(gate);
  assert_int_equal(outcome_of(&first), 0);
  assert_int_equal(outcome_of(&second), 0);
  assert_calls(1, 0);
  assert_int_equal(stop(id), 0);
  assert_calls(1, 0);
  assert_int_equal(stop(id), 0);
  assert_calls(1, 1);
  assert_int_equal(stop(id), WSAEINVAL);
  CloseHandle(gate);
}

static void second_thread_waits_and_shares_failure(void **state)
{
  struct call first, second;
  HANDLE gate = closed_gate();

  fake_provider.startup_gate = gate;
  fake_provider.version = MAKEWORD(2, 0);
  begin(&first, start_it);
  wait_for(&fake_provider.startups, 1);
  begin(&second, start_it);
  assert_blocked(&second);
  SetEvent(gate);
  assert_int_equal(outcome_of(&first), WSAEINVALIDPROVIDER);
  assert_int_equal(outcome_of(&second), WSAEINVALIDPROVIDER);
  assert_calls(1, 1);
  assert_int_equal(stop(id), WSAEINVAL);
  CloseHandle(gate);
}

static void another_provider_starts_during_the_start(void **state)
{
  const DWORD other = fake_provider_register();
  HANDLE gate = closed_gate();
  struct call first;
  int error;

  fake_provider.startup_gate = gate;
  begin(&first, start_it);
  wait_for(&fake_provider.startups, 1);
  fake_provider.startup_gate = NULL;
  assert_int_equal(start(other, &table), 0);
  assert_calls(2, 0);
  assert_blocked(&first);
  SetEvent(gate);
  assert_int_equal(outcome_of(&first), 0);
  assert_int_equal(stop(id), 0);
  assert_int_equal(stop(other), 0);
  assert_int_equal(Ws2SpiUnregisterProvider(other, &error), 0);
  CloseHandle(gate);
}

static void stop_of_a_starting_provider_is_invalid(void **state)
{
  HANDLE gate = closed_gate();
  struct call first;

  fake_provider.startup_gate = gate;
  begin(&first, start_it);
  wait_for(&fake_provider.startups, 1);
  assert_int_equal(stop(id), WSAEINVAL);
  SetEvent(gate);
  assert_int_equal(outcome_of(&first), 0);
  assert_int_equal(stop(id), 0);
  CloseHandle(gate);
}

static void start_during_the_last_stop_starts_again(void **state)
{
  struct call stopper, starter;
  HANDLE gate = closed_gate();

  fake_provider.cleanup_gate = gate;
  assert_int_equal(start(id, &table), 0);
  begin(&stopper, stop);
  wait_for(&fake_provider.call[FAKE_Cleanup].count, 1);
  begin(&starter, start_it);
  assert_blocked(&starter);
  assert_calls(1, 1);
  SetEvent(gate);
  assert_int_equal(outcome_of(&stopper), 0);
  assert_int_equal(outcome_of(&starter), 0);
  assert_calls(2, 1);
  assert_int_equal(stop(id), 0);
  assert_calls(2, 2);
  CloseHandle(gate);
}

static void start_during_a_failed_stop_joins_the_running_provider(void **state)
{
  struct call stopper, starter;
  HANDLE gate = closed_gate();

  fake_provider.cleanup_gate = gate;
  fake_provider.call[FAKE_Cleanup].result = SOCKET_ERROR;
  fake_provider.call[FAKE_Cleanup].error = WSAENETDOWN;
  assert_int_equal(start(id, &table), 0);
  begin(&stopper, stop);
  wait_for(&fake_provider.call[FAKE_Cleanup].count, 1);
  begin(&starter, start_it);
  assert_blocked(&starter);
  SetEvent(gate);
  assert_int_equal(outcome_of(&stopper), WSAENETDOWN);
  assert_int_equal(outcome_of(&starter), 0);
  assert_calls(1, 1);
  fake_provider.call[FAKE_Cleanup].result = 0;
  assert_int_equal(stop(id), 0);
  assert_int_equal(stop(id), 0);
  assert_calls(1, 2);
  CloseHandle(gate);
}

static void second_stop_waits_and_finds_it_stopped(void **state)
{
  struct call first, second;
  HANDLE gate = closed_gate();

  fake_provider.cleanup_gate = gate;
  assert_int_equal(start(id, &table), 0);
  begin(&first, stop);
  wait_for(&fake_provider.call[FAKE_Cleanup].count, 1);
  begin(&second, stop);
  assert_blocked(&second);
  SetEvent(gate);
  assert_int_equal(outcome_of(&first), 0);
  assert_int_equal(outcome_of(&second), WSAEINVAL);
  assert_calls(1, 1);
  CloseHandle(gate);
}

static int start_inside, stop_inside;

static void start_and_stop_again(void)
{
  start_inside = start_it(id);
  stop_inside = stop(id);
}

static void startup_that_starts_itself_is_in_progress(void **state)
{
  fake_provider.in_startup = start_and_stop_again;
  assert_int_equal(start(id, &table), 0);
  assert_int_equal(start_inside, WSAEINPROGRESS);
  assert_int_equal(stop_inside, WSAEINPROGRESS);
  assert_calls(1, 0);
  assert_int_equal(stop(id), 0);
  assert_calls(1, 1);
}

static void cleanup_that_stops_itself_is_in_progress(void **state)
{
  fake_provider.in_cleanup = start_and_stop_again;
  assert_int_equal(start(id, &table), 0);
  assert_int_equal(stop(id), 0);
  assert_int_equal(start_inside, WSAEINPROGRESS);
  assert_int_equal(stop_inside, WSAEINPROGRESS);
  assert_calls(1, 1);
}

enum { CROWD = 4, TURNS = 300 };

static int take_turns(DWORD entry)
{
  for (int turn = 0; turn < TURNS; turn++) {
    const int started = start_it(entry);
    const int stopped = started == 0 ? stop(entry) : 0;

    if (started != 0 || stopped != 0)
      return started != 0 ? started : stopped;
  }
  return 0;
}

static void crowd_leaves_as_many_cleanups_as_startups(void **state)
{
  struct call crowd[CROWD];

  for (int i = 0; i < CROWD; i++)
    begin(&crowd[i], take_turns);
  for (int i = 0; i < CROWD; i++)
    assert_int_equal(outcome_of(&crowd[i]), 0);
  assert_true(fake_provider.startups >= 1);
  assert_int_equal(fake_provider.startups, fake_provider.call[FAKE_Cleanup].count);
  assert_int_equal(stop(id), WSAEINVAL);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(second_thread_waits_and_shares_success),
      CASE(second_thread_waits_and_shares_failure),
      CASE(another_provider_starts_during_the_start),
      CASE(stop_of_a_starting_provider_is_invalid),
      CASE(start_during_the_last_stop_starts_again),
      CASE(start_during_a_failed_stop_joins_the_running_provider),
      CASE(second_stop_waits_and_finds_it_stopped),
      CASE(startup_that_starts_itself_is_in_progress),
      CASE(cleanup_that_stops_itself_is_in_progress),
      CASE(crowd_leaves_as_many_cleanups_as_startups),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
