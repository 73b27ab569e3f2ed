/* WSAProviderConfigChange when a system function fails, and when the program uses its handle
 * between two steps of a call. The test replaces functions that the DLL imports. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "change_handle.h"
#include "support/replaced_imports.h"

enum { PAGE = 4096 };

/* --- the replaced functions --------------------------------------------------------------- */

/* Each is called once, and then reset to NULL. */
static struct {
  void (*before_event)(void);
  void (*after_read)(void);
  void (*before_cancel)(void);
  void (*after_notify)(void);
  void (*after_serial)(void); /* has been read by checking_thread */
  void (*after_open)(HANDLE opened);
} actions;
static BOOL no_event, no_memory;
static DWORD read_fails_with, notify_fails_with;
static HANDLE last_closed;
static volatile LONG notifies;
static volatile DWORD checking_thread;
static HANDLE event_of_changes;
static BOOL pipe_breaks;

static void call_once(void (**function)(void))
{
  void (*const taken)(void) = *function;

  *function = NULL;
  if (taken != NULL)
    taken();
}

static HANDLE WINAPI create_event(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL initial,
                                  LPCWSTR name)
{
  call_once(&actions.before_event);
  if (no_event) {
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
  }
  return CreateEventW(security, manual, initial, name);
}

static LPVOID WINAPI allocate(HANDLE heap, DWORD flags, SIZE_T size)
{
  return no_memory ? NULL : HeapAlloc(heap, flags, size);
}

static BOOL WINAPI read_file(HANDLE file, LPVOID buffer, DWORD size, LPDWORD bytes,
                             LPOVERLAPPED overlapped)
{
  BOOL done;
  DWORD error;

  if (read_fails_with != 0) {
    SetLastError(read_fails_with);
    return FALSE;
  }
  done = ReadFile(file, buffer, size, bytes, overlapped);
  error = GetLastError();
  call_once(&actions.after_read);
  SetLastError(error);
  return done;
}

static LPOVERLAPPED_COMPLETION_ROUTINE routine_of_dll;

static void CALLBACK end_broken(DWORD error, DWORD bytes, LPOVERLAPPED overlapped)
{
  (void)error;
  routine_of_dll(ERROR_BROKEN_PIPE, bytes, overlapped);
}

static BOOL WINAPI read_file_ex(HANDLE file, LPVOID buffer, DWORD size, LPOVERLAPPED overlapped,
                                LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
  routine_of_dll = routine;
  if (read_fails_with == 0)
    return ReadFileEx(file, buffer, size, overlapped, pipe_breaks ? end_broken : routine);
  SetLastError(read_fails_with);
  return FALSE;
}

static BOOL WINAPI cancel_io(HANDLE file)
{
  call_once(&actions.before_cancel);
  return CancelIo(file);
}

static HANDLE WINAPI create_file(LPCWSTR name, DWORD access, DWORD share,
                                 LPSECURITY_ATTRIBUTES security, DWORD disposition, DWORD flags,
                                 HANDLE template)
{
  void (*const then)(HANDLE) = actions.after_open;
  const HANDLE opened = CreateFileW(name, access, share, security, disposition, flags, template);

  actions.after_open = NULL;
  if (then != NULL)
    then(opened);
  return opened;
}

static BOOL WINAPI close_handle(HANDLE closed)
{
  last_closed = closed;
  return CloseHandle(closed);
}

static LSTATUS WINAPI notify_change(HKEY key, BOOL subtree, DWORD filter, HANDLE event, BOOL async)
{
  LSTATUS error = (LSTATUS)notify_fails_with;

  InterlockedIncrement(&notifies);
  event_of_changes = event;
  if (error == 0)
    error = RegNotifyChangeKeyValue(key, subtree, filter, event, async);
  call_once(&actions.after_notify);
  return error;
}

/* During a commit the serial number is in the journal (src/registry). */
static BOOL says_serial(LPCWSTR name, const BYTE *data)
{
  return data != NULL &&
         (wcscmp(name, L"Serial_Access_Num") == 0 || wcscmp(name, L"Ws2Spi_Journal") == 0);
}

static LSTATUS WINAPI query_value(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type,
                                  LPBYTE data, LPDWORD size)
{
  const LSTATUS error = RegQueryValueExW(key, name, reserved, type, data, size);

  if (GetCurrentThreadId() == checking_thread && error == 0 && says_serial(name, data))
    call_once(&actions.after_serial);
  return error;
}

static const struct replaced_import imports[] = {
    REPLACED_IMPORT(CreateEventW, create_event),
    REPLACED_IMPORT(HeapAlloc, allocate),
    REPLACED_IMPORT(ReadFile, read_file),
    REPLACED_IMPORT(ReadFileEx, read_file_ex),
    REPLACED_IMPORT(CancelIo, cancel_io),
    REPLACED_IMPORT(CreateFileW, create_file),
    REPLACED_IMPORT(CloseHandle, close_handle),
    REPLACED_IMPORT(RegNotifyChangeKeyValue, notify_change),
    REPLACED_IMPORT(RegQueryValueExW, query_value),
};

static int replace_the_system(void **state)
{
  replace_imports(imports, sizeof imports / sizeof imports[0]);
  return 0;
}

/* --- calls ---------------------------------------------------------------------------- */

static int clean_up(void **state)
{
  memset(&actions, 0, sizeof actions);
  no_event = no_memory = pipe_breaks = FALSE;
  checking_thread = 0;
  read_fails_with = notify_fails_with = 0;
  return change_handle_close(state);
}

/* The handle still works. */
static void assert_a_change_ends_a_wait(void)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_TIMEOUT);
  change_catalog(1);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  CloseHandle(overlapped.hEvent);
}

/* --- blocking waits ----------------------------------------------------------------------- */

static void blocking_wait_fails_without_an_event(void **state)
{
  no_event = TRUE;
  assert_int_equal(wait_for_change(NULL, NULL), WSA_NOT_ENOUGH_MEMORY);
  no_event = FALSE;
  assert_a_change_ends_a_wait();
}

static void a_read_that_fails_to_start_is_not_awaited(void **state)
{
  read_fails_with = ERROR_NOT_ENOUGH_MEMORY;
  assert_int_equal(wait_for_change(NULL, NULL), WSA_NOT_ENOUGH_MEMORY);
  read_fails_with = ERROR_INVALID_FUNCTION;
  assert_int_equal(wait_for_change(NULL, NULL), WSA_INVALID_HANDLE);
  read_fails_with = 0;
  assert_a_change_ends_a_wait();
}

static void close_it(void)
{
  assert_true(CloseHandle(change_handle));
}

static void a_handle_closed_before_the_wait_is_invalid(void **state)
{
  actions.before_event = close_it;
  assert_int_equal(wait_for_change(NULL, NULL), WSA_INVALID_HANDLE);
  assert_null(actions.before_event);
  change_handle = NULL;
}

static void closing_the_handle_ends_a_blocking_wait(void **state)
{
  actions.after_read = close_it;
  assert_int_equal(wait_for_change(NULL, NULL), WSA_INVALID_HANDLE);
  assert_null(actions.after_read);
  change_handle = NULL;
}

/* --- routines ------------------------------------------------------------------------- */

static int calls;
static DWORD error_of_call;

static void CALLBACK routine(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags)
{
  (void)bytes;
  (void)overlapped;
  (void)flags;
  calls++;
  error_of_call = error;
}

static void a_routine_is_not_called_for_a_wait_that_failed(void **state)
{
  WSAOVERLAPPED overlapped = {0};

  calls = 0;
  no_memory = TRUE;
  assert_int_equal(wait_for_change(&overlapped, routine), WSA_NOT_ENOUGH_MEMORY);
  no_memory = FALSE;
  read_fails_with = ERROR_NOT_ENOUGH_MEMORY;
  assert_int_equal(wait_for_change(&overlapped, routine), WSA_NOT_ENOUGH_MEMORY);
  read_fails_with = 0;
  assert_a_change_ends_a_wait();
  SleepEx(0, TRUE);
  assert_int_equal(calls, 0);
}

/* The routine gets WSA_OPERATION_ABORTED whatever the error of the pipe is. */
static void a_cancelled_wait_calls_its_routine(void **state)
{
  WSAOVERLAPPED overlapped = {0};

  for (int i = 0; i < 2; i++) {
    pipe_breaks = i == 1;
    calls = 0;
    assert_int_equal(wait_for_change(&overlapped, routine), WSA_IO_PENDING);
    assert_true(CancelIo(change_handle));
    while (calls == 0)
      assert_int_equal(SleepEx(LONG_ENOUGH, TRUE), WAIT_IO_COMPLETION);
    assert_int_equal(calls, 1);
    assert_int_equal(error_of_call, WSA_OPERATION_ABORTED);
  }
  assert_a_change_ends_a_wait();
}

/* --- the first call ------------------------------------------------------------------- */

static HANDLE *disappearing;
static HANDLE opened_last;

static void unmap(HANDLE opened)
{
  DWORD before;

  opened_last = opened;
  assert_true(VirtualProtect(disappearing, PAGE, PAGE_NOACCESS, &before));
}

static void a_handle_that_cannot_be_returned_is_closed(void **state)
{
  DWORD flags;

  disappearing = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  assert_non_null(disappearing);
  actions.after_open = unmap;
  assert_int_equal(WSAProviderConfigChange(disappearing, NULL, NULL), SOCKET_ERROR);
  assert_int_equal(GetLastError(), WSAEFAULT);
  assert_ptr_equal(last_closed, opened_last);
  assert_false(GetHandleInformation(opened_last, &flags));
  VirtualFree(disappearing, 0, MEM_RELEASE);
  assert_a_change_ends_a_wait();
}

/* --- notifications ------------------------------------------------------------------------ */

static WSAOVERLAPPED own_read;
static char own_byte;

static void read_at_the_handle(void)
{
  assert_true(ReadFile(change_handle, &own_byte, 1, NULL, &own_read) ||
              GetLastError() == ERROR_IO_PENDING);
}

/* A byte that nobody reads is taken back, and the next wait ends at once. A program that reads from
 * its handle at that moment has been notified instead. */
static void a_program_that_reads_its_handle_is_notified(void **state)
{
  own_read = (WSAOVERLAPPED){.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  actions.before_cancel = read_at_the_handle;
  change_catalog(2);
  assert_int_equal(WaitForSingleObject(own_read.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_null(actions.before_cancel);
  CloseHandle(own_read.hEvent);
  assert_a_change_ends_a_wait();
}

/* When changes can no longer be watched, pending waits end, and the next wait fails. */
static void waits_fail_while_changes_cannot_be_watched(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  if (!is_over_the_registry())
    skip(); /* in the memory store nothing can fail */
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  notify_fails_with = ERROR_BADDB;
  change_catalog(2);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  ResetEvent(overlapped.hEvent);
  assert_int_equal(wait_for_change(&overlapped, NULL), WSAEOPNOTSUPP);
  notify_fails_with = ERROR_NOT_ENOUGH_MEMORY;
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_NOT_ENOUGH_MEMORY);
  notify_fails_with = 0;
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  CloseHandle(overlapped.hEvent);
  assert_a_change_ends_a_wait();
}

static HANDLE another, is_done;

static int overtake_begin(void **state)
{
  another = NULL;
  is_done = CreateEventW(NULL, TRUE, FALSE, NULL);
  return change_handle_open(state);
}

static int overtake_end(void **state)
{
  if (another != NULL)
    CloseHandle(another);
  CloseHandle(is_done);
  deinstall_one(3);
  return clean_up(state);
}

/* Makes a change, during which an action runs, and expects one wait to
 * end. */
static void change_and_expect_one_wait_to_end(void)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  change_catalog(2);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_int_equal(WaitForSingleObject(is_done, LONG_ENOUGH), WAIT_OBJECT_0);
  CloseHandle(overlapped.hEvent);
}

static void be_done(void)
{
  SetEvent(is_done);
}

/* After the present check the waiting thread makes one more. */
static void change_and_open_another(void)
{
  if (install_one(3, L"C:\\lsp.dll") != 0)
    WSAProviderConfigChange(&another, NULL, NULL);
  actions.after_notify = be_done;
  SetEvent(event_of_changes);
}

static void overtake_after_the_serial(void)
{
  actions.after_serial = change_and_open_another;
  checking_thread = GetCurrentThreadId();
}

/* The serial that the thread has read is older than the one that has been notified. */
static void an_outdated_check_notifies_nobody_again(void **state)
{
  if (!is_over_the_registry())
    skip(); /* in the memory store the two steps are one */
  actions.after_notify = overtake_after_the_serial;
  change_and_expect_one_wait_to_end();
  assert_non_null(another);
  assert_null(actions.after_serial);
  assert_int_not_equal(checking_thread, GetCurrentThreadId());
  assert_a_change_ends_a_wait();
}

static LONG notifies_till_then;

static void fail_to_open_another(void)
{
  checking_thread = GetCurrentThreadId();
  notify_fails_with = ERROR_BADDB;
  WSAProviderConfigChange(&another, NULL, NULL);
  notify_fails_with = 0;
  notifies_till_then = notifies;
  SetEvent(is_done);
}

/* The later of two checks decides whether changes are watched. */
static void an_outdated_check_leaves_arming_to_the_next_wait(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  if (!is_over_the_registry())
    skip();
  actions.after_notify = fail_to_open_another;
  change_and_expect_one_wait_to_end();
  assert_null(another);
  assert_int_not_equal(checking_thread, GetCurrentThreadId());
  assert_true(checking_thread != 0);
  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_true(notifies > notifies_till_then);
  change_catalog(1);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  CloseHandle(overlapped.hEvent);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, change_handle_open, clean_up)
#define OVERTAKING_TEST(function)                                                                  \
  cmocka_unit_test_setup_teardown(function, overtake_begin, overtake_end)
  const struct CMUnitTest tests[] = {
      TEST(blocking_wait_fails_without_an_event),
      TEST(a_read_that_fails_to_start_is_not_awaited),
      TEST(a_handle_closed_before_the_wait_is_invalid),
      TEST(closing_the_handle_ends_a_blocking_wait),
      TEST(a_routine_is_not_called_for_a_wait_that_failed),
      TEST(a_cancelled_wait_calls_its_routine),
      TEST(a_handle_that_cannot_be_returned_is_closed),
      TEST(a_program_that_reads_its_handle_is_notified),
      TEST(waits_fail_while_changes_cannot_be_watched),
      OVERTAKING_TEST(an_outdated_check_notifies_nobody_again),
      OVERTAKING_TEST(an_outdated_check_leaves_arming_to_the_next_wait),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, replace_the_system, NULL);
}
