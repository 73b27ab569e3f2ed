/* Handles and requests when the system fails a call, or when memory is freed between the check
 * and its use. */
#include "support/cmocka_headers.h"

#include "sockets/nonifs_entry.h"
#include "support/process_resources.h"
#include "support/replaced_imports.h"

#include <stddef.h>
#include <winternl.h>

enum { MINE = 7, CODE = 1234, BYTES = 55, PAGE = 4096, MOST_LOCKS = 100 };

/* --- functions in the place of the system's ----------------------------------------- */

static BOOL refuses_protection, is_windows, is_slow;

static BOOL WINAPI set_information(HANDLE handle, DWORD mask, DWORD flags)
{
  if (refuses_protection) {
    SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
  }
  return SetHandleInformation(handle, mask, flags);
}

static FARPROC WINAPI find_function(HMODULE module, LPCSTR name)
{
  return is_windows && strcmp(name, "wine_get_version") == 0 ? NULL : GetProcAddress(module, name);
}

typedef NTSTATUS(NTAPI *write_function)(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID, PIO_STATUS_BLOCK,
                                        PVOID, ULONG, PLARGE_INTEGER, PULONG);

static write_function system_write;
static NTSTATUS refusal; /* the result of every write */
static PIO_STATUS_BLOCK unfinished;
static int waits;

/* As with a slow device, the status block is final only when a thread waits for it. */
static NTSTATUS NTAPI write_file(HANDLE file, HANDLE event, PIO_APC_ROUTINE routine, PVOID context,
                                 PIO_STATUS_BLOCK block, PVOID buffer, ULONG length,
                                 PLARGE_INTEGER offset, PULONG key)
{
  NTSTATUS status;

  if (refusal != 0)
    return refusal;
  status = system_write(file, event, routine, context, block, buffer, length, offset, key);
  if (!is_slow)
    return status;
  assert_int_equal(status, 0);
  block->Status = STATUS_PENDING;
  unfinished = block;
  return STATUS_PENDING;
}

static BOOL WINAPI switch_to_thread(void)
{
  if (unfinished != NULL && ++waits == 3)
    unfinished->Status = 0;
  return TRUE;
}

static int naps;

static VOID WINAPI nap(DWORD milliseconds)
{
  (void)milliseconds;
  naps++;
}

static int take_the_systems_place(void **state)
{
  static const struct replaced_import imports[] = {
      REPLACED_IMPORT(SetHandleInformation, set_information),
      REPLACED_IMPORT(GetProcAddress, find_function),
      REPLACED_IMPORT(NtWriteFile, write_file),
      REPLACED_IMPORT(SwitchToThread, switch_to_thread),
      REPLACED_IMPORT(Sleep, nap),
  };
  const FARPROC found = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtWriteFile");

  memcpy(&system_write, &found, sizeof system_write);
  replace_imports(imports, sizeof imports / sizeof imports[0]);
  replace_locks();
  return register_nonifs_entry(state);
}

/* --- handles ------------------------------------------------------------------------ */

static void a_handle_that_cannot_be_protected_is_not_made(void **state)
{
  const size_t before = open_handles();
  int error = UNTOUCHED;

  refuses_protection = TRUE;
  assert_true(WPUCreateSocketHandle(nonifs_entry, MINE, &error) == INVALID_SOCKET);
  refuses_protection = FALSE;
  assert_int_equal(error, WSAENOBUFS);
  assert_int_equal(open_handles(), before);
  close_handle(new_handle(MINE));
}

static void a_handle_that_the_program_closed_is_forgotten(void **state)
{
  const SOCKET s = new_handle(MINE);
  DWORD_PTR context;
  int error = UNTOUCHED;

  assert_true(SetHandleInformation((HANDLE)s, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
  assert_true(CloseHandle((HANDLE)s));
  assert_int_equal(WPUCloseSocketHandle(s, &error), 0);
  assert_int_equal(query_context(s, &context, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
}

/* When the provider closes it, its value may be another object's, which must stay open. */
static void an_object_that_got_its_value_is_not_closed(void **state)
{
  enum { MOST_EVENTS = 10000 };
  static HANDLE events[MOST_EVENTS];
  const SOCKET s = new_handle(MINE);
  int count = 0, error = UNTOUCHED;
  DWORD flags;

  assert_true(SetHandleInformation((HANDLE)s, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
  assert_true(CloseHandle((HANDLE)s));
  do
    events[count] = CreateEventW(NULL, TRUE, FALSE, NULL);
  while (events[count++] != (HANDLE)s && count < MOST_EVENTS);
  assert_ptr_equal(events[count - 1], (HANDLE)s);
  assert_int_equal(WPUCloseSocketHandle(s, &error), 0);
  assert_true(GetHandleInformation((HANDLE)s, &flags));
  assert_true(SetEvent((HANDLE)s));
  while (count > 0)
    assert_true(CloseHandle(events[--count]));
}

/* --- requests ----------------------------------------------------------------------- */

static void a_slow_device_is_waited_for(void **state)
{
  const SOCKET s = new_handle(MINE);
  const HANDLE port = CreateIoCompletionPort((HANDLE)s, NULL, MINE, 0);
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  OVERLAPPED *received;
  ULONG_PTR key;
  DWORD bytes;
  int error;

  is_slow = TRUE;
  assert_int_equal(complete(s, &overlapped, 0, BYTES, &error), 0);
  is_slow = FALSE;
  unfinished = NULL;
  assert_int_equal(waits, 3);
  assert_true(GetQueuedCompletionStatus(port, &bytes, &key, &received, 0));
  assert_int_equal(bytes, BYTES);
  CloseHandle(port);
  close_handle(s);
}

/* The request is completed before its packet is posted, and stays completed. */
static int naps_for_a_packet_refused_with(NTSTATUS status)
{
  const SOCKET s = new_handle(MINE);
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  int error;

  naps = 0;
  refusal = status;
  assert_int_equal(complete(s, &overlapped, 0, BYTES, &error), 0);
  refusal = 0;
  assert_int_equal(overlapped.Internal, 0);
  assert_int_equal(overlapped.InternalHigh, BYTES);
  close_handle(s);
  return naps;
}

static void only_shortages_are_retried_and_only_up_to_a_limit(void **state)
{
  static const DWORD shortages[] = {STATUS_NO_MEMORY, 0xC0000044 /* STATUS_QUOTA_EXCEEDED */,
                                    0xC000009A /* STATUS_INSUFFICIENT_RESOURCES */,
                                    0xC000011F /* STATUS_TOO_MANY_OPENED_FILES */,
                                    0xC000012D /* STATUS_COMMITMENT_LIMIT */};
  static const DWORD others[] = {0xC0000022 /* STATUS_ACCESS_DENIED */, STATUS_INVALID_HANDLE};

  for (size_t i = 0; i < sizeof shortages / sizeof shortages[0]; i++)
    assert_int_equal(naps_for_a_packet_refused_with((NTSTATUS)shortages[i]), 20);
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    assert_int_equal(naps_for_a_packet_refused_with((NTSTATUS)others[i]), 0);
}

/* Windows posts no packet for a request that fails at once. So a failure gets a success packet
 * there, and the request itself has the error. */
static void on_windows_a_failure_posts_a_success_packet(void **state)
{
  const SOCKET s = new_handle(MINE);
  const HANDLE port = CreateIoCompletionPort((HANDLE)s, NULL, MINE, 0);
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  OVERLAPPED *received = NULL;
  ULONG_PTR key;
  DWORD bytes;
  int error;

  is_windows = TRUE;
  assert_int_equal(complete(s, &overlapped, CODE, BYTES, &error), 0);
  is_windows = FALSE;
  assert_true(GetQueuedCompletionStatus(port, &bytes, &key, &received, 0));
  assert_ptr_equal(received, &overlapped);
  assert_int_equal(bytes, BYTES);
  assert_int_equal((DWORD)overlapped.Internal, 0xC0070000u | CODE);
  CloseHandle(port);
  close_handle(s);
}

/* --- memory that is freed in between -------------------------------------------------- */

static char *pages;
static DWORD protection;
static SIZE_T protected_bytes;

static void protect_pages(void)
{
  DWORD before;

  assert_true(VirtualProtect(pages, protected_bytes, protection, &before));
}

/* The request begins `offset` bytes into the pages. At the n-th lock of its completion the first
 * `protected` bytes get the protection `now`. Returns how many of these moments made the
 * completion fail. */
static int fail_at_each_moment(size_t offset, SIZE_T protected, DWORD now)
{
  const SOCKET s = new_handle(MINE);
  WSAOVERLAPPED *overlapped = (WSAOVERLAPPED *)(pages + offset);
  int failures = 0;

  protected_bytes = protected;
  for (int n = 1; n < MOST_LOCKS; n++) {
    BOOL has_run;
    DWORD before;
    int error = UNTOUCHED, result;

    *overlapped = request_under_way(NULL);
    protection = now;
    interrupt_at_lock(n, protect_pages);
    result = complete(s, overlapped, 0, BYTES, &error);
    has_run = interrupt_end();
    assert_true(VirtualProtect(pages, 2 * PAGE, PAGE_READWRITE, &before));
    if (result == 0) {
      assert_int_equal(overlapped->Internal, 0);
    } else {
      assert_int_equal(error, WSAEFAULT);
      assert_int_equal(overlapped->Internal, WSS_OPERATION_IN_PROGRESS);
      failures++;
    }
    if (!has_run)
      break;
  }
  close_handle(s);
  return failures;
}

static void a_request_whose_memory_is_freed_fails_to_complete(void **state)
{
  const size_t across = PAGE - offsetof(WSAOVERLAPPED, InternalHigh);

  pages = VirtualAlloc(NULL, 2 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  assert_non_null(pages);
  assert_true(fail_at_each_moment(0, PAGE, PAGE_NOACCESS) > 0);
  assert_true(fail_at_each_moment(0, PAGE, PAGE_READONLY) > 0);
  /* Only InternalHigh can still be written; it is stored first. */
  assert_true(fail_at_each_moment(across, PAGE, PAGE_READONLY) > 0);
  assert_true(VirtualFree(pages, 0, MEM_RELEASE));
}

static WSAOVERLAPPED used_again;

static void use_again(void)
{
  used_again.hEvent = (HANDLE)1;
}

/* A different event belongs to another request: the structure is in use again. */
static void a_structure_in_use_for_another_request_is_not_completed(void **state)
{
  const SOCKET s = new_handle(MINE);
  int failures = 0;
  BOOL has_run = TRUE;

  for (int n = 1; n < MOST_LOCKS && has_run; n++) {
    int error = UNTOUCHED, result;

    used_again = request_under_way(NULL);
    interrupt_at_lock(n, use_again);
    result = complete(s, &used_again, 0, BYTES, &error);
    has_run = interrupt_end();
    if (result == 0)
      continue;
    assert_int_equal(error, WSAEINVAL);
    assert_int_equal(used_again.Internal, WSS_OPERATION_IN_PROGRESS);
    failures++;
  }
  assert_false(has_run);
  assert_true(failures > 0);
  close_handle(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_handle_that_cannot_be_protected_is_not_made),
      cmocka_unit_test(a_handle_that_the_program_closed_is_forgotten),
      cmocka_unit_test(an_object_that_got_its_value_is_not_closed),
      cmocka_unit_test(a_slow_device_is_waited_for),
      cmocka_unit_test(only_shortages_are_retried_and_only_up_to_a_limit),
      cmocka_unit_test(on_windows_a_failure_posts_a_success_packet),
      cmocka_unit_test(a_request_whose_memory_is_freed_fails_to_complete),
      cmocka_unit_test(a_structure_in_use_for_another_request_is_not_completed),
  };

  return cmocka_run_group_tests(tests, take_the_systems_place, unregister_nonifs_entry);
}
