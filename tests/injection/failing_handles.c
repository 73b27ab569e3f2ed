/* Failures in the life of a non-IFS provider's handles: many handles, completions that need memory
 * of their own, and handles that are open when the DLL is unloaded. */
#include "support/cmocka_headers.h"

#include "injection/injected.h"
#include "injection/plain_provider.h"
#include "injection/sweep.h"
#include "support/on_wine.h"

enum { NOTHING_YET = 0x103, MANY = 70 /* more than one slab of records */ };

/* --- the provider whose handles they are --------------------------------------------------- */

static DWORD provider;

static int WSPAPI never_started(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                                WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  (void)version, (void)data, (void)info, (void)upcalls, (void)table;
  return WSASYSNOTREADY;
}

static int with_provider(const struct shim *shim, int (*body)(const struct shim *shim))
{
  const WSAPROTOCOL_INFOW entry = plain_entry(); /* no XP1_IFS_HANDLES */
  int error = 0, outcome;

  if (CALL(shim, Ws2SpiRegisterProvider)(&entry, never_started, &provider, &error) != 0)
    return report_error(error);
  outcome = body(shim);
  while (CALL(shim, Ws2SpiUnregisterProvider)(provider, &error) != 0)
    outcome = report_error(error);
  return outcome;
}

#define HANDLE_SCENARIO(name, body)                                                                \
  static int name(const struct shim *shim)                                                         \
  {                                                                                                \
    return with_provider(shim, body);                                                              \
  }

static int make(const struct shim *shim, DWORD_PTR context, SOCKET *s)
{
  int error = 0;

  *s = CALL(shim, WPUCreateSocketHandle)(provider, context, &error);
  return *s == INVALID_SOCKET ? report_error(error) : 0;
}

static int close_handle(const struct shim *shim, SOCKET s)
{
  int error = 0;

  return CALL(shim, WPUCloseSocketHandle)(s, &error) == 0 ? 0 : report_error(error);
}

static int check_context(const struct shim *shim, SOCKET s, DWORD_PTR expected)
{
  DWORD_PTR context = 0;
  int error = 0;

  if (CALL(shim, WPUQuerySocketHandleContext)(s, &context, &error) != 0)
    return report_error(error);
  return context == expected ? 0 : WSABASEERR;
}

/* --- many ---------------------------------------------------------------------------------- */

/* The handles made before the one that failed must work. */
static int make_many_and_close_them(const struct shim *shim)
{
  SOCKET sockets[MANY];
  int made = 0, outcome = 0;

  while (made < MANY && outcome == 0) {
    outcome = make(shim, (DWORD_PTR)made + 1, &sockets[made]);
    made += outcome == 0;
  }
  for (int i = 0; i < made; i++)
    if (check_context(shim, sockets[i], (DWORD_PTR)i + 1) != 0 ||
        close_handle(shim, sockets[i]) != 0)
      return WSABASEERR;
  return outcome;
}

HANDLE_SCENARIO(many_handles, make_many_and_close_them)

static void many_handles_report_each_failure(void **state)
{
  const struct scenario scenario = {.run = many_handles};

  sweep(&scenario);
}

/* --- open when the DLL goes ----------------------------------------------------------------- */

static int make_and_leave_open(const struct shim *shim)
{
  for (int i = 0; i < 3; i++) {
    SOCKET s;
    const int error = make(shim, 1, &s);

    if (error != 0)
      return error;
  }
  return 0;
}

HANDLE_SCENARIO(open_handles_at_the_end, make_and_leave_open)

static void handles_left_open_go_with_the_dll(void **state)
{
  const struct scenario scenario = {.run = open_handles_at_the_end};

  sweep(&scenario);
}

/* --- a completion that takes memory of its own ------------------------------------------------ */

/* More bytes than the DLL has zeroes for (src/sockets/iocp_post.c). */
enum { MANY_BYTES = 1 << 20 };

static int complete(const struct shim *shim, SOCKET s, HANDLE port)
{
  WSAOVERLAPPED overlapped = {.Internal = NOTHING_YET};
  LPOVERLAPPED got = NULL;
  ULONG_PTR key = 0;
  DWORD bytes = 0;
  int error = 0;

  if (CALL(shim, WPUCompleteOverlappedRequest)(s, &overlapped, 0, MANY_BYTES, &error) != 0)
    return overlapped.Internal == NOTHING_YET ? report_error(error) : WSABASEERR;
  GetQueuedCompletionStatus(port, &bytes, &key, &got, 5000);
  return got == &overlapped && bytes == MANY_BYTES ? 0 : WSABASEERR;
}

static int complete_many_bytes(const struct shim *shim)
{
  SOCKET s;
  HANDLE port;
  int outcome = make(shim, 1, &s), error;

  if (outcome != 0)
    return outcome;
  port = CreateIoCompletionPort((HANDLE)s, NULL, 77, 1);
  outcome = complete(shim, s, port);
  CloseHandle(port);
  error = close_handle(shim, s);
  return outcome != 0 ? outcome : error;
}

HANDLE_SCENARIO(large_completion, complete_many_bytes)

static void a_large_completion_reports_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = large_completion,
      .recovered = {{"WPUCompleteOverlappedRequest", "NtWriteFile",
                     "the request is complete, so there is no call to report to"}}};

  sweep(&scenario);
}

/* The completion uses VirtualAlloc, whose failure is reported. */
static void the_memory_of_a_large_completion_can_be_short(void **state)
{
  const struct scenario scenario = {.run = large_completion};

  sweep_function(&scenario, "VirtualAlloc");
}

/* --- a packet that cannot be queued at once ---------------------------------------------------- */

#define ACCESS_DENIED          ((LONG)0xC0000022)
#define INSUFFICIENT_RESOURCES ((LONG)0xC000009A)
#define INVALID_DEVICE_REQUEST ((LONG)0xC0000010)

/* How the first attempt to queue a request's packet fails, and what happens then. The ioctl is Wine's
 * own; on Windows the DLL does not call it. */
static const struct first_try {
  const char *call;
  LONG status;
  DWORD code; /* of the request */
  BOOL packet_comes;
  DWORD code_of_packet;
} first_tries[] = {
    {"NtWriteFile", INSUFFICIENT_RESOURCES, 0, TRUE, 0},
    {"NtWriteFile", ACCESS_DENIED, 0, FALSE, 0},
    {"NtDeviceIoControlFile", INSUFFICIENT_RESOURCES, WSAECONNRESET, TRUE, WSAECONNRESET},
    {"NtDeviceIoControlFile", INVALID_DEVICE_REQUEST, WSAECONNRESET, TRUE, ERROR_HANDLE_EOF},
};

static void check_packet(const struct first_try *first, HANDLE port, const WSAOVERLAPPED *expected)
{
  LPOVERLAPPED got = NULL;
  ULONG_PTR key;
  DWORD bytes;
  const BOOL good = GetQueuedCompletionStatus(port, &bytes, &key, &got, 0);

  assert_ptr_equal(got, first->packet_comes ? expected : NULL);
  if (first->packet_comes)
    assert_int_equal(good ? 0 : GetLastError(), first->code_of_packet);
}

static void complete_after(const struct shim *shim, const struct first_try *first)
{
  WSAOVERLAPPED overlapped = {.Internal = NOTHING_YET};
  HANDLE port;
  SOCKET s;
  int error;

  assert_int_equal(make(shim, 1, &s), 0);
  port = CreateIoCompletionPort((HANDLE)s, NULL, 77, 1);
  injected_status = first->status;
  injection_arm(first->call, 1);
  assert_int_equal(shim->WPUCompleteOverlappedRequest(s, &overlapped, first->code, 0, &error), 0);
  assert_string_equal(injection_disarm(), first->call);
  check_packet(first, port, &overlapped);
  CloseHandle(port);
  assert_int_equal(close_handle(shim, s), 0);
}

static int complete_after_each(const struct shim *shim)
{
  for (size_t i = 0; i < sizeof first_tries / sizeof first_tries[0]; i++)
    if (on_wine() || strcmp(first_tries[i].call, "NtDeviceIoControlFile") != 0)
      complete_after(shim, &first_tries[i]);
  return 0;
}

/* Only a shortage of memory is waited out. Only if the ioctl is refused does the packet lose its
 * code. */
static void only_a_shortage_is_waited_out(void **state)
{
  const LONG before = injected_status;
  struct shim shim;

  shim_load(&shim);
  assert_int_equal(with_provider(&shim, complete_after_each), 0);
  injected_status = before;
  shim_free(&shim);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(many_handles_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(handles_left_open_go_with_the_dll, free_loaded_dll),
      cmocka_unit_test_teardown(a_large_completion_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(only_a_shortage_is_waited_out, free_loaded_dll),
      cmocka_unit_test_teardown(the_memory_of_a_large_completion_can_be_short, free_loaded_dll),
  };

  return cmocka_run_group_tests(tests, NULL, sweep_print_sum);
}
