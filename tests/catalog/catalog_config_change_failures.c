/* WSAProviderConfigChange where the system fails it, and where a program does something with its
 * handle between two steps of a call: functions of this test stand in the place of what the DLL
 * imports. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "change_handle.h"
#include "support/replaced_imports.h"

enum { PAGE = 4096 };

/* --- the system ------------------------------------------------------------------------------- */

/* Each is called once, and taken back then. */
static struct {
  void (*before_event)(void);
  void (*after_read)(void);
  void (*before_cancel)(void);
  void (*after_notify)(void);
  void (*after_serial)(void); /* has been read, by the one thread */
  void (*after_open)(HANDLE opened);
} meanwhile;
static BOOL no_event, no_memory;
static DWORD read_fails_with, notify_fails_with;
static HANDLE last_closed;
static volatile LONG notifies;
static volatile DWORD looking_thread;
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
  call_once(&meanwhile.before_event);
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
  call_once(&meanwhile.after_read);
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
  call_once(&meanwhile.before_cancel);
  return CancelIo(file);
}

static HANDLE WINAPI create_file(LPCWSTR name, DWORD access, DWORD share,
                                 LPSECURITY_ATTRIBUTES security, DWORD disposition, DWORD flags,
                                 HANDLE template)
{
  void (*const then)(HANDLE) = meanwhile.after_open;
  const HANDLE opened = CreateFileW(name, access, share, security, disposition, flags, template);

  meanwhile.after_open = NULL;
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
  call_once(&meanwhile.after_notify);
  return error;
}

/* That of a commit which has not ended is in its journal (src/registry). */
static BOOL says_serial(LPCWSTR name, const BYTE *data)
{
  return data != NULL &&
         (wcscmp(name, L"Serial_Access_Num") == 0 || wcscmp(name, L"Ws2Spi_Journal") == 0);
}

static LSTATUS WINAPI query_value(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type,
                                  LPBYTE data, LPDWORD size)
{
  const LSTATUS error = RegQueryValueExW(key, name, reserved, type, data, size);

  if (GetCurrentThreadId() == looking_thread && error == 0 && says_serial(name, data))
    call_once(&meanwhile.after_serial);
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

static int take_the_systems_place(void **state)
{
  replace_imports(imports, sizeof imports / sizeof imports[0]);
  return 0;
}

/* --- calls ------------------------------------------------------------------------------------- */

static int clean_up(void **state)
{
  memset(&meanwhile, 0, sizeof meanwhile);
  no_event = no_memory = pipe_breaks = FALSE;
  looking_thread = 0;
  read_fails_with = notify_fails_with = 0;
  return change_handle_close(state);
}

/* The handle is as good as before. */
static void assert_a_change_is_told(void)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  assert_int_equal(wait_for_change(&overlapped, NULL), WSA_IO_PENDING);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_TIMEOUT);
  change_catalog(1);
  assert_int_equal(WaitForSingleObject(overlapped.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  CloseHandle(overlapped.hEvent);
}

/* --- a wait in the call ---------------------------------------------------------------------------- */

static void without_an_event_it_does_not_wait(void **state)
{
  no_event = TRUE;
  assert_int_equal(wait_for_change(NULL, NULL), WSA_NOT_ENOUGH_MEMORY);
  no_event = FALSE;
  assert_a_change_is_told();
}

static void a_read_that_does_not_begin_is_not_waited_for(void **state)
{
  read_fails_with = ERROR_NOT_ENOUGH_MEMORY;
  assert_int_equal(wait_for_change(NULL, NULL), WSA_NOT_ENOUGH_MEMORY);
  read_fails_with = ERROR_INVALID_FUNCTION;
  assert_int_equal(wait_for_change(NULL, NULL), WSA_INVALID_HANDLE);
  read_fails_with = 0;
  assert_a_change_is_told();
}

static void close_it(void)
{
  assert_true(CloseHandle(change_handle));
}

static void a_handle_that_is_closed_before_the_wait_begins_is_invalid(void **state)
{
  meanwhile.before_event = close_it;
  assert_int_equal(wait_for_change(NULL, NULL), WSA_INVALID_HANDLE);
  assert_null(meanwhile.before_event);
  change_handle = NULL;
}

static void a_handle_that_is_closed_ends_the_wait_in_the_call(void **state)
{
  meanwhile.after_read = close_it;
  assert_int_equal(wait_for_change(NULL, NULL), WSA_INVALID_HANDLE);
  assert_null(meanwhile.after_read);
  change_handle = NULL;
}

/* --- routines ---------------------------------------------------------------------------------------- */

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

static void a_routine_is_not_called_for_a_wait_that_did_not_begin(void **state)
{
  WSAOVERLAPPED overlapped = {0};

  calls = 0;
  no_memory = TRUE;
  assert_int_equal(wait_for_change(&overlapped, routine), WSA_NOT_ENOUGH_MEMORY);
  no_memory = FALSE;
  read_fails_with = ERROR_NOT_ENOUGH_MEMORY;
  assert_int_equal(wait_for_change(&overlapped, routine), WSA_NOT_ENOUGH_MEMORY);
  read_fails_with = 0;
  assert_a_change_is_told();
  SleepEx(0, TRUE);
  assert_int_equal(calls, 0);
}

/* With the one code that Winsock has for it, whatever that of the pipe is. */
static void a_cancelled_wait_ends_with_its_routine(void **state)
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
  assert_a_change_is_told();
}

/* --- the first call ------------------------------------------------------------------------------------ */

static HANDLE *disappearing;
static HANDLE opened_last;

static void take_away(HANDLE opened)
{
  DWORD before;

  opened_last = opened;
  assert_true(VirtualProtect(disappearing, PAGE, PAGE_NOACCESS, &before));
}

static void a_handle_that_nobody_gets_is_closed(void **state)
{
  DWORD flags;

  disappearing = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  assert_non_null(disappearing);
  meanwhile.after_open = take_away;
  assert_int_equal(WSAProviderConfigChange(disappearing, NULL, NULL), SOCKET_ERROR);
  assert_int_equal(GetLastError(), WSAEFAULT);
  assert_ptr_equal(last_closed, opened_last);
  assert_false(GetHandleInformation(opened_last, &flags));
  VirtualFree(disappearing, 0, MEM_RELEASE);
  assert_a_change_is_told();
}

/* --- changes --------------------------------------------------------------------------------------------- */

static WSAOVERLAPPED own_read;
static char own_byte;

static void read_at_the_handle(void)
{
  assert_true(ReadFile(change_handle, &own_byte, 1, NULL, &own_read) ||
              GetLastError() == ERROR_IO_PENDING);
}

/* What is offered to nobody is taken back and told to the next wait; but who reads at the handle
 * just then has been told. */
static void a_program_that_reads_at_its_handle_is_told(void **state)
{
  own_read = (WSAOVERLAPPED){.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  meanwhile.before_cancel = read_at_the_handle;
  change_catalog(2);
  assert_int_equal(WaitForSingleObject(own_read.hEvent, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_null(meanwhile.before_cancel);
  CloseHandle(own_read.hEvent);
  assert_a_change_is_told();
}

/* Who waits is told, since nobody could tell later; and the next wait says so. */
static void changes_that_cannot_be_followed_are_not_waited_for(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  if (!is_over_the_registry())
    skip(); /* in memory nothing can fail */
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
  assert_a_change_is_told();
}

static HANDLE another, is_done;

static int begin_to_overtake(void **state)
{
  another = NULL;
  is_done = CreateEventW(NULL, TRUE, FALSE, NULL);
  return change_handle_open(state);
}

static int end_overtaking(void **state)
{
  if (another != NULL)
    CloseHandle(another);
  CloseHandle(is_done);
  deinstall_one(3);
  return clean_up(state);
}

/* A change during which this happens on the thread that tells of it, and one wait that is told. */
static void change_and_be_told_once(void)
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

/* When this thread has ended what it is at, it looks once more. */
static void change_and_open_another(void)
{
  if (install_one(3, L"C:\\lsp.dll") != 0)
    WSAProviderConfigChange(&another, NULL, NULL);
  meanwhile.after_notify = be_done;
  SetEvent(event_of_changes);
}

static void overtake_behind_the_serial_number(void)
{
  meanwhile.after_serial = change_and_open_another;
  looking_thread = GetCurrentThreadId();
}

/* What it has read is older than what was told by then. */
static void a_look_that_is_overtaken_tells_nobody_again(void **state)
{
  if (!is_over_the_registry())
    skip(); /* there nothing comes between */
  meanwhile.after_notify = overtake_behind_the_serial_number;
  change_and_be_told_once();
  assert_non_null(another);
  assert_null(meanwhile.after_serial);
  assert_int_not_equal(looking_thread, GetCurrentThreadId());
  assert_a_change_is_told();
}

static LONG notifies_till_then;

static void fail_to_open_another(void)
{
  looking_thread = GetCurrentThreadId();
  notify_fails_with = ERROR_BADDB;
  WSAProviderConfigChange(&another, NULL, NULL);
  notify_fails_with = 0;
  notifies_till_then = notifies;
  SetEvent(is_done);
}

/* Of the two it is the later one that says whether changes are followed. */
static void a_look_that_is_overtaken_by_a_failure_leaves_it_to_the_next_wait(void **state)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};

  if (!is_over_the_registry())
    skip();
  meanwhile.after_notify = fail_to_open_another;
  change_and_be_told_once();
  assert_null(another);
  assert_int_not_equal(looking_thread, GetCurrentThreadId());
  assert_true(looking_thread != 0);
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
  cmocka_unit_test_setup_teardown(function, begin_to_overtake, end_overtaking)
  const struct CMUnitTest tests[] = {
      TEST(without_an_event_it_does_not_wait),
      TEST(a_read_that_does_not_begin_is_not_waited_for),
      TEST(a_handle_that_is_closed_before_the_wait_begins_is_invalid),
      TEST(a_handle_that_is_closed_ends_the_wait_in_the_call),
      TEST(a_routine_is_not_called_for_a_wait_that_did_not_begin),
      TEST(a_cancelled_wait_ends_with_its_routine),
      TEST(a_handle_that_nobody_gets_is_closed),
      TEST(a_program_that_reads_at_its_handle_is_told),
      TEST(changes_that_cannot_be_followed_are_not_waited_for),
      OVERTAKING_TEST(a_look_that_is_overtaken_tells_nobody_again),
      OVERTAKING_TEST(a_look_that_is_overtaken_by_a_failure_leaves_it_to_the_next_wait),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, take_the_systems_place, NULL);
}
