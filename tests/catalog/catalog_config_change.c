/* WSAProviderConfigChange: who waits is told of a change, once. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "change_handle.h"
#include "support/bad_memory.h"

static void event_is_set_by_a_change(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  DWORD bytes = UNTOUCHED;

  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_TIMEOUT);
  change_catalog(1);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_true(GetOverlappedResult(change_handle, &overlapped, &bytes, FALSE));
  CloseHandle(overlapped.hEvent);
}

/* Whoever opens a handle sees to it that all handles have been told of what was before. */
static void see_that_all_is_told(void)
{
  HANDLE another = NULL;

  assert_int_equal(WSAProviderConfigChange(&another, NULL, NULL), 0);
  assert_true(CloseHandle(another));
}

/* What happens between two waits is not lost, and told once. */
static void change_between_two_waits_is_told_once(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  WSAOVERLAPPED next = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  WSAOVERLAPPED last = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  change_catalog(1);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  change_catalog(2);
  deinstall_one(2);
  see_that_all_is_told();
  assert_int_equal(wait_for_change(&next, NULL), WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(next.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_int_equal(wait_for_change(&last, NULL), WSA_IO_PENDING);
  see_that_all_is_told();
  assert_int_equal(WaitForSingleObject(last.hEvent, 0), WAIT_TIMEOUT);
  change_catalog(2);
  assert_int_equal(WaitForSingleObject(last.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  CloseHandle(overlapped.hEvent);
  CloseHandle(next.hEvent);
  CloseHandle(last.hEvent);
}

static DWORD WINAPI change_when_told(void *go)
{
  WaitForSingleObject(go, LONG_ENOUGH);
  return install_one(1, L"C:\\lsp.dll") != 0;
}

static void blocking_call_returns_at_a_change(void **state)
{
  const HANDLE go = CreateEventW(NULL, TRUE, FALSE, NULL);
  const HANDLE thread = CreateThread(NULL, 0, change_when_told, go, 0, NULL);
  DWORD changed = FALSE;

  assert_non_null(thread);
  SetEvent(go);
  assert_int_equal(wait_for_change(NULL, NULL), 0);
  assert_int_equal(WaitForSingleObject(thread, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_true(GetExitCodeThread(thread, &changed) && changed);
  CloseHandle(thread);
  CloseHandle(go);
}

static struct {
  int calls;
  DWORD error, bytes, flags;
  WSAOVERLAPPED *overlapped;
} seen;

static void CALLBACK routine(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags)
{
  seen.calls++;
  seen.error = error;
  seen.bytes = bytes;
  seen.flags = flags;
  seen.overlapped = overlapped;
}

static void routine_runs_in_an_alertable_wait(void **state)
{
  WSAOVERLAPPED overlapped = {0};

  memset(&seen, 0, sizeof seen);
  assert_int_equal(wait_for_change(&overlapped, routine), WSA_IO_PENDING);
  change_catalog(1);
  while (seen.calls == 0)
    assert_int_equal(SleepEx(LONG_ENOUGH, TRUE), WAIT_IO_COMPLETION);
  assert_int_equal(seen.calls, 1);
  assert_int_equal(seen.error | seen.bytes | seen.flags, 0);
  assert_ptr_equal(seen.overlapped, &overlapped);
}

static void completion_port_gets_a_packet(void **state)
{
  const HANDLE port = CreateIoCompletionPort(change_handle, NULL, 77, 0);
  WSAOVERLAPPED overlapped = {0};
  LPOVERLAPPED got = NULL;
  ULONG_PTR key = 0;
  DWORD bytes = 0;

  assert_non_null(port);
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  change_catalog(1);
  assert_true(GetQueuedCompletionStatus(port, &bytes, &key, &got, LONG_ENOUGH));
  assert_int_equal(key, 77);
  assert_ptr_equal(got, &overlapped);
  CloseHandle(port);
}

static void closing_the_handle_ends_the_wait(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  const HANDLE closed = change_handle;

  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_true(CloseHandle(change_handle));
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  change_catalog(1); /* must not touch what is gone */
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_INVALID_HANDLE);
  assert_ptr_equal(change_handle, closed);
  change_handle = NULL;
  CloseHandle(overlapped.hEvent);
}

enum { MANY = 200 };

/* A wait that is told of a change, and after it one that is told of nothing yet. */
static void assert_told_once(void)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  WSAOVERLAPPED next = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  change_catalog(1);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_int_equal(wait_for_change(&next, NULL), WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(next.hEvent, 0), WAIT_TIMEOUT);
  change_catalog(2);
  assert_int_equal(WaitForSingleObject(next.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  CloseHandle(overlapped.hEvent);
  CloseHandle(next.hEvent);
}

static void cancel(WSAOVERLAPPED *overlapped)
{
  DWORD bytes;

  assert_true(CancelIo(change_handle));
  assert_false(GetOverlappedResult(change_handle, overlapped, &bytes, TRUE));
  assert_int_equal(GetLastError(), ERROR_OPERATION_ABORTED);
}

static void cancelled_waits_are_forgotten(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  for (int i = 0; i < MANY; i++) {
    assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
    cancel(&overlapped);
  }
  assert_told_once();
  CloseHandle(overlapped.hEvent);
}

static void waits_that_could_not_begin_are_forgotten(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = (HANDLE)(ULONG_PTR)0x5A5A5A58};

  for (int i = 0; i < MANY; i++)
    assert_int_equal(wait_for_change(&overlapped, NULL), WSA_INVALID_HANDLE);
  assert_told_once();
}

/* What nobody waited for any more is told to the next. */
static void change_after_a_cancelled_wait_is_told_once(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  cancel(&overlapped);
  change_catalog(1);
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_TIMEOUT);
  cancel(&overlapped);
  CloseHandle(overlapped.hEvent);
}

/* However many wait at one handle. */
static void each_wait_is_told(void **state)
{
  WSAOVERLAPPED overlapped[MANY] = {{0}};

  for (int i = 0; i < MANY; i++) {
    overlapped[i].hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    assert_int_equal(wait_for_change(&overlapped[i], NULL), WSA_IO_PENDING);
  }
  change_catalog(1);
  for (int i = 0; i < MANY; i++) {
    assert_int_equal(WaitForSingleObject(overlapped[i].hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
    CloseHandle(overlapped[i].hEvent);
  }
}

enum { WAITERS = 3, ROUNDS = 150 };

static volatile LONG at_the_line, begun;

/* Stays until it is told: what a thread has begun ends with it. */
static DWORD WINAPI wait_at_the_shared_handle(void *told)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  int error;

  InterlockedIncrement(&at_the_line);
  while (at_the_line <= WAITERS)
    YieldProcessor();
  error = wait_for_change(&overlapped, NULL);
  InterlockedIncrement(&begun);
  if (error == WSA_IO_PENDING && WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH) == 0)
    InterlockedIncrement(told);
  CloseHandle(overlapped.hEvent);
  return 0;
}

/* The first change comes while they begin, some before it and some behind; the second when all have
 * begun, so that none may be left then. */
static void no_wait_is_lost_that_begins_while_a_change_is_told(void **state)
{
  for (int round = 0; round < ROUNDS; round++) {
    HANDLE threads[WAITERS];
    volatile LONG told = 0;

    at_the_line = begun = 0;
    for (int i = 0; i < WAITERS; i++) {
      threads[i] = CreateThread(NULL, 0, wait_at_the_shared_handle, (void *)&told, 0, NULL);
      assert_non_null(threads[i]);
    }
    InterlockedIncrement(&at_the_line);
    change_catalog(1);
    while (begun < WAITERS)
      SwitchToThread();
    deinstall_one(1);
    assert_int_equal(WaitForMultipleObjects(WAITERS, threads, TRUE, INFINITE), WAIT_OBJECT_0);
    assert_int_equal(told, WAITERS);
    for (int i = 0; i < WAITERS; i++)
      CloseHandle(threads[i]);
  }
}

static void another_handle_is_invalid(void **state)
{
  HANDLE event = CreateEventW(NULL, TRUE, TRUE, NULL);
  HANDLE none = (HANDLE)(ULONG_PTR)0x5A5A;
  WSAOVERLAPPED overlapped = {0};

  assert_int_equal(WSAProviderConfigChange(&event, &overlapped, NULL), SOCKET_ERROR);
  assert_int_equal(GetLastError(), WSA_INVALID_HANDLE);
  assert_int_equal(WSAProviderConfigChange(&none, NULL, NULL), SOCKET_ERROR);
  assert_int_equal(GetLastError(), WSA_INVALID_HANDLE);
  CloseHandle(event);
}

/* Also one whose changes cannot be watched. */
static void opening_another_catalog_is_told(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  int error = -1;

  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_SYSTEM, &error), 0);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_DEFAULT, &error), 0);
  /* And the handle goes on. */
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  change_catalog(1);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  CloseHandle(overlapped.hEvent);
}

/* The system's function knows nothing of it. */
static void handle_stays_ours_while_the_systems_catalog_is_open(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  WSAOVERLAPPED next = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  int error = -1;

  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_SYSTEM, &error), 0);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_int_equal(wait_for_change(&next, NULL), WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(next.hEvent, 0), WAIT_TIMEOUT);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_DEFAULT, &error), 0);
  assert_int_equal(WaitForSingleObject(next.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  CloseHandle(overlapped.hEvent);
  CloseHandle(next.hEvent);
}

static void each_handle_is_told(void **state)
{
  WSAOVERLAPPED one = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  WSAOVERLAPPED two = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  HANDLE second = NULL;

  assert_int_equal(WSAProviderConfigChange(&second, NULL, NULL), 0);
  assert_int_equal(wait_for_change(&one, NULL), WSA_IO_PENDING);
  assert_int_equal(WSAProviderConfigChange(&second, &two, NULL), SOCKET_ERROR);
  assert_int_equal(GetLastError(), WSA_IO_PENDING);
  change_catalog(1);
  assert_int_equal(WaitForSingleObject(one.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_int_equal(WaitForSingleObject(two.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  CloseHandle(second);
  CloseHandle(one.hEvent);
  CloseHandle(two.hEvent);
}

static void bad_pointers_are_faults(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    SetLastError(UNTOUCHED);
    assert_int_equal(WSAProviderConfigChange(bad_address(bad), NULL, NULL), SOCKET_ERROR);
    assert_int_equal(GetLastError(), WSAEFAULT);
    if (bad->address != NULL) {
      assert_int_equal(wait_for_change(bad_address(bad), NULL), WSAEFAULT);
    }
  }
}

static void cleaned_up_winsock_is_not_initialised(void **state)
{
  HANDLE none = NULL;
  WSADATA data;

  assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
  assert_int_equal(WSACleanup(), 0);
  assert_int_equal(WSAProviderConfigChange(&none, NULL, NULL), SOCKET_ERROR);
  assert_int_equal(GetLastError(), WSANOTINITIALISED);
  assert_null(none);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, change_handle_open, change_handle_close)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(event_is_set_by_a_change),
      CASE(change_between_two_waits_is_told_once),
      CASE(blocking_call_returns_at_a_change),
      CASE(routine_runs_in_an_alertable_wait),
      CASE(completion_port_gets_a_packet),
      CASE(closing_the_handle_ends_the_wait),
      CASE(another_handle_is_invalid),
      CASE(each_handle_is_told),
      CASE(bad_pointers_are_faults),
      CASE(cancelled_waits_are_forgotten),
      CASE(waits_that_could_not_begin_are_forgotten),
      CASE(change_after_a_cancelled_wait_is_told_once),
      CASE(each_wait_is_told),
      CASE(no_wait_is_lost_that_begins_while_a_change_is_told),
      CASE(opening_another_catalog_is_told),
      CASE(handle_stays_ours_while_the_systems_catalog_is_open),
      CASE(cleaned_up_winsock_is_not_initialised),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
