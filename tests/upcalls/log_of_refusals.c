/* The log lines for rejected hooks, ids and pointers: one line each, and no other effect. */
#include "support/cmocka_headers.h"

#include "support/fake_provider.h"
#include "support/log_file.h"
#include "support/replaced_imports.h"

#include <stdio.h>

enum { TCP_ENTRY = 1001, UNTOUCHED = 0x5A5A, THREADS = 4, EVENTS = 50 };

/* Formatted with msvcrt's _snprintf, as the log does, because its %p has a form of its own. */
static char expected[256];

/* The log has one line more than before; that line is this thread's and ends with this text. */
static void assert_one_line(unsigned before, const char *end)
{
  const char *line;
  char beginning[64];

  assert_int_equal(log_file_lines(), before + 1);
  line = log_file_last_line();
  _snprintf(beginning, sizeof beginning, "ws2spi %lu.%lu: ", GetCurrentProcessId(),
            GetCurrentThreadId());
  if (strncmp(line, beginning, strlen(beginning)) != 0 ||
      strcmp(line + strlen(beginning), end) != 0)
    fail_msg("no \"%s%s\" in: %s", beginning, end, line);
}

static void assert_bad_pointer_logged(unsigned before, const char *function, size_t size,
                                      const void *pointer, const char *use)
{
  _snprintf(expected, sizeof expected, "%s: the %u bytes at %p cannot be %s", function,
            (unsigned)size, pointer, use);
  assert_one_line(before, expected);
}

/* Never freed: a freed address could be in use again when the test passes it. */
static const void *reserved_only(void)
{
  const void *page = VirtualAlloc(NULL, 4096, MEM_RESERVE, PAGE_NOACCESS);

  assert_non_null(page);
  return page;
}

/* --- pointers ----------------------------------------------------------------------- */

static void bad_pointer_is_named_with_its_size_and_use(void **state)
{
  const void *bad = reserved_only();
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH, error = UNTOUCHED;
  unsigned before = log_file_lines();

  SetLastError(0x5A5A);
  assert_int_equal(WPUGetProviderPath((LPGUID)(uintptr_t)bad, path, &chars, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(GetLastError(), 0x5A5A);
  assert_bad_pointer_logged(before, "WPUGetProviderPath", sizeof(GUID), bad, "read");

  before = log_file_lines();
  assert_int_equal(Ws2SpiGetUpcallTable((LPWSPUPCALLTABLE)(uintptr_t)bad, &error), SOCKET_ERROR);
  assert_bad_pointer_logged(before, "Ws2SpiGetUpcallTable", sizeof(WSPUPCALLTABLE), bad, "written");
}

static void bad_error_pointer_is_named(void **state)
{
  const void *bad = reserved_only();
  const unsigned before = log_file_lines();

  assert_false(WPUSetEvent(NULL, (LPINT)(uintptr_t)bad));
  assert_bad_pointer_logged(before, "WPUSetEvent", sizeof(int), bad, "written");
}

static void a_bad_function_pointer_is_named_in_the_log(void **state)
{
  static int data;
  WSATHREADID thread;
  int error = UNTOUCHED;
  unsigned before;

  assert_int_equal(WPUOpenCurrentThread(&thread, &error), 0);
  before = log_file_lines();
  assert_int_equal(WPUQueueApc(&thread, (LPWSAUSERAPC)(uintptr_t)&data, 0, &error), SOCKET_ERROR);
  _snprintf(expected, sizeof expected, "WPUQueueApc: the function %p cannot be called",
            (void *)&data);
  assert_one_line(before, expected);
  assert_int_equal(WPUCloseThread(&thread, &error), 0);
}

static void all_out_pointers_of_a_query_are_named(void **state)
{
  LPBLOCKINGCALLBACK callback;
  const void *bad = reserved_only();
  int error = UNTOUCHED;
  const unsigned before = log_file_lines();

  assert_int_equal(
      WPUQueryBlockingCallback(TCP_ENTRY, &callback, (PDWORD_PTR)(uintptr_t)bad, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  _snprintf(expected, sizeof expected,
            "WPUQueryBlockingCallback: one of the pointers %p, %p, %p cannot be written",
            (void *)&callback, bad, (void *)&error);
  assert_one_line(before, expected);
}

static void a_base_procedure_is_logged_by_its_documented_name(void **state)
{
  WSPPROC_TABLE base;
  const void *bad = reserved_only();
  int error = UNTOUCHED, length = 16;
  unsigned before;
  SOCKET s;

  assert_int_equal(Ws2SpiStartProvider(TCP_ENTRY, &base, &error), 0);
  s = base.lpWSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, &error);
  assert_true(s != INVALID_SOCKET);
  before = log_file_lines();
  assert_int_equal(base.lpWSPBind(s, (const struct sockaddr *)bad, length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_bad_pointer_logged(before, "WSPBind", 16, bad, "read");
  assert_int_equal(base.lpWSPCloseSocket(s, &error), 0);
  assert_int_equal(Ws2SpiStopProvider(TCP_ENTRY, &error), 0);
}

static void a_pointer_of_an_earlier_call_is_not_named(void **state)
{
  int error = UNTOUCHED, chars = MAX_PATH;
  WCHAR path[MAX_PATH];
  GUID none = {0};
  unsigned before;

  WPUGetProviderPath((LPGUID)(uintptr_t)reserved_only(), path, &chars, &error);
  before = log_file_lines();
  assert_int_equal(WPUGetProviderPath(&none, path, &chars, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(log_file_lines(), before);
}

/* --- hooks and cancels -------------------------------------------------------------- */

static void hook_that_is_no_function_is_named(void **state)
{
  static int data;
  const unsigned before = log_file_lines();

  assert_null(WSASetBlockingHook((FARPROC)(uintptr_t)&data));
  assert_int_equal(WSAGetLastError(), WSAEFAULT);
  _snprintf(expected, sizeof expected,
            "WSASetBlockingHook refused %p: error 10014, not a function that can be called",
            (void *)&data);
  assert_one_line(before, expected);
}

static BOOL CALLBACK some_hook(void)
{
  return FALSE;
}

static DWORD WINAPI set_a_hook_without_memory(void *unused)
{
  const FARPROC hook = (FARPROC)some_hook;
  const unsigned before = log_file_lines();

  (void)unused;
  memory_fails_at(1, TRUE);
  SetLastError(0);
  assert_null(WSASetBlockingHook(hook));
  memory_fails_at(0, FALSE);
  assert_int_equal(GetLastError(), WSASYSCALLFAILURE);
  _snprintf(expected, sizeof expected, "WSASetBlockingHook refused %p: error %d, %s",
            (void *)(uintptr_t)hook, WSASYSCALLFAILURE,
            "no memory or thread slot for the thread's record");
  assert_one_line(before, expected);
  return 0;
}

/* A thread without a record, for which there is no memory. */
static void a_hook_without_memory_is_explained(void **state)
{
  const HANDLE thread = CreateThread(NULL, 0, set_a_hook_without_memory, NULL, 0, NULL);

  assert_non_null(thread);
  assert_int_equal(WaitForSingleObject(thread, 60000), WAIT_OBJECT_0);
  CloseHandle(thread);
}

static void cancel_outside_a_hook_is_explained(void **state)
{
  const unsigned before = log_file_lines();

  assert_int_equal(WSACancelBlockingCall(), SOCKET_ERROR);
  assert_int_equal(WSAGetLastError(), WSAEINVAL);
  assert_one_line(before, "WSACancelBlockingCall: error 10022, no blocking operation to cancel: "
                          "not called from a hook");
}

enum { NESTED = 6 };
static unsigned nested[NESTED];
static int nested_errors[NESTED];

/* Asserts nothing: a failed assertion would leave the hook by longjmp. */
static BOOL CALLBACK nesting_hook(void)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  WSPPROC_TABLE table;
  WSADATA data;

  nested[0] = log_file_lines();
  WSAUnhookBlockingHook();
  nested_errors[1] = WSAGetLastError();
  nested[1] = log_file_lines();
  WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &nested_errors[2]);
  nested[2] = log_file_lines();
  Ws2SpiStartProvider(TCP_ENTRY, &table, &nested_errors[3]);
  nested[3] = log_file_lines();
  WSACleanup();
  nested_errors[4] = WSAGetLastError();
  nested[4] = log_file_lines();
  nested_errors[5] = WSAStartup(MAKEWORD(1, 1), &data);
  nested[5] = log_file_lines();
  return FALSE;
}

static void calls_from_a_hook_are_explained(void **state)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error = UNTOUCHED;

  assert_non_null(WSASetBlockingHook((FARPROC)nesting_hook));
  assert_int_equal(WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error), 0);
  assert_true(callback(context));
  for (unsigned i = 1; i < NESTED; i++) {
    assert_int_equal(nested_errors[i], WSAEINPROGRESS);
    assert_int_equal(nested[i], nested[0] + i);
  }
  assert_non_null(strstr(log_file_last_line(), "called from inside a blocking hook"));
  assert_int_equal(WSAUnhookBlockingHook(), 0);
}

static void hooks_of_a_2_x_process_are_explained(void **state)
{
  WSADATA data;
  unsigned before;

  assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
  before = log_file_lines();
  assert_null(WSASetBlockingHook((FARPROC)nesting_hook));
  assert_int_equal(WSAGetLastError(), WSAEOPNOTSUPP);
  assert_int_equal(log_file_lines(), before + 1);
  assert_non_null(
      strstr(log_file_last_line(), "the process asked WSAStartup for version 2.x only"));
  assert_int_equal(WSACleanup(), 0);
  assert_null(WSASetBlockingHook((FARPROC)nesting_hook));
  assert_int_equal(WSAGetLastError(), WSANOTINITIALISED);
  assert_non_null(strstr(log_file_last_line(), "WSACleanup was called since the last WSAStartup"));
}

static void an_unsupported_version_is_named_in_the_log(void **state)
{
  const unsigned before = log_file_lines();
  WSADATA data;

  assert_int_equal(WSAStartup(MAKEWORD(0, 7), &data), WSAVERNOTSUPPORTED);
  assert_one_line(before, "WSAStartup for version 0.7: error 10092");
}

static BOOL CALLBACK cancelling_hook(void)
{
  WSACancelBlockingCall();
  return FALSE;
}

static void a_provider_that_refuses_a_cancel_is_named(void **state)
{
  LPBLOCKINGCALLBACK callback = NULL;
  DWORD_PTR context = 0;
  WSPPROC_TABLE table;
  int error = UNTOUCHED;
  unsigned before;
  DWORD id;

  fake_provider_reset();
  fake_provider.call[FAKE_CancelBlockingCall].result = SOCKET_ERROR;
  fake_provider.call[FAKE_CancelBlockingCall].error = WSAENETDOWN;
  id = fake_provider_register();
  assert_int_equal(Ws2SpiStartProvider(id, &table, &error), 0);
  assert_non_null(WSASetBlockingHook((FARPROC)cancelling_hook));
  assert_int_equal(WPUQueryBlockingCallback(id, &callback, &context, &error), 0);
  before = log_file_lines();
  assert_true(callback(context));
  _snprintf(expected, sizeof expected, "entry %lu: WSPCancelBlockingCall refused with error 10050",
            id);
  assert_one_line(before, expected);
  assert_int_equal(WSAUnhookBlockingHook(), 0);
  assert_int_equal(Ws2SpiStopProvider(id, &error), 0);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

/* --- handles and tables ------------------------------------------------------------- */

static void an_invalid_handle_is_named_in_the_log(void **state)
{
  const unsigned before = log_file_lines();
  int error = UNTOUCHED;

  assert_true(WPUModifyIFSHandle(TCP_ENTRY, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEINVAL);
  _snprintf(expected, sizeof expected, "WPUModifyIFSHandle: entry 1001, handle %p, error 10022",
            (void *)0);
  assert_one_line(before, expected);
}

static void an_entry_with_ifs_handles_is_named_in_the_log(void **state)
{
  const unsigned before = log_file_lines();
  int error = UNTOUCHED;

  assert_true(WPUCreateSocketHandle(TCP_ENTRY, 1, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAEINVAL);
  assert_one_line(before, "WPUCreateSocketHandle: entry 1001, error 10022");
}

static void another_upcall_table_is_noted_or_refused(void **state)
{
  WSPUPCALLTABLE table;
  unsigned before;
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiGetUpcallTable(&table, &error), 0);
  table.lpWPUCloseEvent = NULL;
  before = log_file_lines();
  assert_int_equal(Ws2SpiSetUpcallTable(&table, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_one_line(before, "Ws2SpiSetUpcallTable refused a table with a NULL entry");
  /* A table with two members exchanged is another table. */
  assert_int_equal(Ws2SpiGetUpcallTable(&table, &error), 0);
  table.lpWPUResetEvent = table.lpWPUSetEvent;
  assert_int_equal(Ws2SpiSetUpcallTable(&table, &error), 0);
  assert_one_line(before + 1, "the upcalls by name now use the upcall table of another Ws2_32");
  assert_int_equal(Ws2SpiSetUpcallTable(NULL, &error), 0);
  assert_int_equal(log_file_lines(), before + 2);
}

/* --- lines -------------------------------------------------------------------------- */

static DWORD WINAPI refuse_often(void *parameter)
{
  (void)parameter;
  for (int i = 0; i < EVENTS; i++)
    WSACancelBlockingCall();
  return 0;
}

static void lines_of_several_threads_do_not_mix(void **state)
{
  HANDLE threads[THREADS];
  const unsigned before = log_file_lines();

  for (int i = 0; i < THREADS; i++)
    threads[i] = CreateThread(NULL, 0, refuse_often, NULL, 0, NULL);
  assert_int_equal(WaitForMultipleObjects(THREADS, threads, TRUE, 60000), WAIT_OBJECT_0);
  for (int i = 0; i < THREADS; i++)
    CloseHandle(threads[i]);
  assert_int_equal(log_file_lines(), before + THREADS * EVENTS);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bad_pointer_is_named_with_its_size_and_use),
      cmocka_unit_test(bad_error_pointer_is_named),
      cmocka_unit_test(a_bad_function_pointer_is_named_in_the_log),
      cmocka_unit_test(all_out_pointers_of_a_query_are_named),
      cmocka_unit_test(a_base_procedure_is_logged_by_its_documented_name),
      cmocka_unit_test(a_pointer_of_an_earlier_call_is_not_named),
      cmocka_unit_test(hook_that_is_no_function_is_named),
      cmocka_unit_test(a_hook_without_memory_is_explained),
      cmocka_unit_test(cancel_outside_a_hook_is_explained),
      cmocka_unit_test(calls_from_a_hook_are_explained),
      cmocka_unit_test(an_unsupported_version_is_named_in_the_log),
      cmocka_unit_test(a_provider_that_refuses_a_cancel_is_named),
      cmocka_unit_test(an_invalid_handle_is_named_in_the_log),
      cmocka_unit_test(an_entry_with_ifs_handles_is_named_in_the_log),
      cmocka_unit_test(another_upcall_table_is_noted_or_refused),
      cmocka_unit_test(lines_of_several_threads_do_not_mix),
      cmocka_unit_test(hooks_of_a_2_x_process_are_explained),
  };

  replace_memory();
  return cmocka_run_group_tests(tests, log_file_open, log_file_remove);
}
