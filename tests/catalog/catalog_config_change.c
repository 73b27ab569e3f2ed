/* WSAProviderConfigChange: each change ends each pending wait once. */
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

/* Opening a handle first notifies all handles of earlier changes. */
static void notify_all_now(void)
{
  HANDLE another = NULL;

  assert_int_equal(WSAProviderConfigChange(&another, NULL, NULL), 0);
  assert_true(CloseHandle(another));
}

/* Several changes between two waits end the next wait, and only that one. */
static void change_between_two_waits_ends_one_wait(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  WSAOVERLAPPED next = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  WSAOVERLAPPED last = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  change_catalog(1);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  change_catalog(2);
  deinstall_one(2);
  notify_all_now();
  assert_int_equal(wait_for_change(&next, NULL), WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(next.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_int_equal(wait_for_change(&last, NULL), WSA_IO_PENDING);
  notify_all_now();
  assert_int_equal(WaitForSingleObject(last.hEvent, 0), WAIT_TIMEOUT);
  change_catalog(2);
  assert_int_equal(WaitForSingleObject(last.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  CloseHandle(overlapped.hEvent);
  CloseHandle(next.hEvent);
  CloseHandle(last.hEvent);
}

static DWORD WINAPI change_on_signal(void *go)
{
  WaitForSingleObject(go, LONG_ENOUGH);
  return install_one(1, L"C:\\lsp.dll") != 0;
}

static void blocking_call_returns_at_a_change(void **state)
{
  const HANDLE go = CreateEventW(NULL, TRUE, FALSE, NULL);
  const HANDLE thread = CreateThread(NULL, 0, change_on_signal, go, 0, NULL);
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
  change_catalog(1); /* must not access the closed handle's memory */
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_INVALID_HANDLE);
  assert_ptr_equal(change_handle, closed);
  change_handle = NULL;
  CloseHandle(overlapped.hEvent);
}

enum { MANY = 200 };

/* One wait that a change ends, and after it one that stays pending. */
static void assert_changes_end_one_wait_each(void)
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

static void cancelled_waits_get_no_notification(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  for (int i = 0; i < MANY; i++) {
    assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
    cancel(&overlapped);
  }
  assert_changes_end_one_wait_each();
  CloseHandle(overlapped.hEvent);
}

static void waits_that_failed_to_start_get_no_notification(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = (HANDLE)(ULONG_PTR)0x5A5A5A58};

  for (int i = 0; i < MANY; i++)
    assert_int_equal(wait_for_change(&overlapped, NULL), WSA_INVALID_HANDLE);
  assert_changes_end_one_wait_each();
}

/* A change after the cancel ends the next wait. */
static void change_after_a_cancelled_wait_ends_one_wait(void **state)
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

/* Several waits on one handle. */
static void every_wait_on_a_handle_ends(void **state)
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

static volatile LONG ready_count, begun;

/* The thread must not exit before the wait has ended: the pending requests of a thread are
 * cancelled when it exits. */
static DWORD WINAPI wait_at_the_shared_handle(void *ended_waits)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  int error;

  InterlockedIncrement(&ready_count);
  while (ready_count <= WAITERS)
    YieldProcessor();
  error = wait_for_change(&overlapped, NULL);
  InterlockedIncrement(&begun);
  if (error == WSA_IO_PENDING && WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH) == 0)
    InterlockedIncrement(ended_waits);
  CloseHandle(overlapped.hEvent);
  return 0;
}

/* The first change comes while the waits are being started; the second when all have been started,
 * so that none may be pending after it. */
static void a_wait_started_during_a_notification_is_not_lost(void **state)
{
  for (int round = 0; round < ROUNDS; round++) {
    HANDLE threads[WAITERS];
    volatile LONG ended_waits = 0;

    ready_count = begun = 0;
    for (int i = 0; i < WAITERS; i++) {
      threads[i] = CreateThread(NULL, 0, wait_at_the_shared_handle, (void *)&ended_waits, 0, NULL);
      assert_non_null(threads[i]);
    }
    InterlockedIncrement(&ready_count);
    change_catalog(1);
    while (begun < WAITERS)
      SwitchToThread();
    deinstall_one(1);
    assert_int_equal(WaitForMultipleObjects(WAITERS, threads, TRUE, INFINITE), WAIT_OBJECT_0);
    assert_int_equal(ended_waits, WAITERS);
    for (int i = 0; i < WAITERS; i++)
      CloseHandle(threads[i]);
  }
}

static void a_foreign_handle_is_invalid(void **state)
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

/* This includes a catalog whose changes cannot be watched. */
static void opening_another_catalog_ends_a_wait(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  int error = -1;

  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_SYSTEM, &error), 0);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_DEFAULT, &error), 0);
  /* The handle is still usable. */
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  change_catalog(1);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  CloseHandle(overlapped.hEvent);
}

/* The system's function does not know the handle. */
static void handle_stays_valid_while_the_systems_catalog_is_open(void **state)
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

static void every_handle_is_notified(void **state)
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

static void bad_pointers_return_wsaefault(void **state)
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

static void after_wsacleanup_winsock_is_not_initialised(void **state)
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
      CASE(change_between_two_waits_ends_one_wait),
      CASE(blocking_call_returns_at_a_change),
      CASE(routine_runs_in_an_alertable_wait),
      CASE(completion_port_gets_a_packet),
      CASE(closing_the_handle_ends_the_wait),
      CASE(a_foreign_handle_is_invalid),
      CASE(every_handle_is_notified),
      CASE(bad_pointers_return_wsaefault),
      CASE(cancelled_waits_get_no_notification),
      CASE(waits_that_failed_to_start_get_no_notification),
      CASE(change_after_a_cancelled_wait_ends_one_wait),
      CASE(every_wait_on_a_handle_ends),
      CASE(a_wait_started_during_a_notification_is_not_lost),
      CASE(opening_another_catalog_ends_a_wait),
      CASE(handle_stays_valid_while_the_systems_catalog_is_open),
      CASE(after_wsacleanup_winsock_is_not_initialised),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
