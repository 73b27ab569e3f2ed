/* Failures in the upcalls: events, threads, messages, made handles and their completion;
 * in Winsock's own start; and in a provider's procedures. */
#include "support/cmocka_headers.h"

#include "injection/injection.h"
#include "injection/plain_provider.h"
#include "injection/sweep.h"

enum { BASE_TCP = 1001, NOTHING_YET = 0x103 };

/* --- events ---------------------------------------------------------------------------------- */

static int use_event(const struct shim *shim)
{
  int error = 0, outcome = 0;
  const WSAEVENT event = CALL(shim, WPUCreateEvent)(&error);

  if (event == WSA_INVALID_EVENT)
    return error_of_failure(error);
  if (!CALL(shim, WPUSetEvent)(event, &error) || !CALL(shim, WPUResetEvent)(event, &error))
    outcome = error_of_failure(error);
  return CALL(shim, WPUCloseEvent)(event, &error) ? outcome : error_of_failure(error);
}

static void events_report_it(void **state)
{
  const struct scenario scenario = {.run = use_event};

  sweep(&scenario);
}

/* --- threads ----------------------------------------------------------------------------------- */

static volatile LONG apcs;

static void CALLBACK count_apc(DWORD_PTR unused)
{
  (void)unused;
  InterlockedIncrement(&apcs);
}

static int queue_to_itself(const struct shim *shim)
{
  WSATHREADID thread;
  int error = 0, outcome = 0;

  apcs = 0;
  if (CALL(shim, WPUOpenCurrentThread)(&thread, &error) != 0)
    return error_of_failure(error);
  if (CALL(shim, WPUQueueApc)(&thread, count_apc, 0, &error) != 0)
    outcome = error_of_failure(error);
  else if (SleepEx(0, TRUE) != WAIT_IO_COMPLETION || apcs != 1)
    outcome = WSABASEERR;
  return CALL(shim, WPUCloseThread)(&thread, &error) == 0 ? outcome : error_of_failure(error);
}

/* The page of WPUQueueApc lists nothing nearer than WSAEFAULT. */
static void threads_report_it(void **state)
{
  const struct scenario scenario = {.run = queue_to_itself};

  sweep(&scenario);
}

/* --- messages ----------------------------------------------------------------------------------- */

static int post_to_itself(const struct shim *shim)
{
  MSG message;

  if (!CALL(shim, WPUPostMessage)(NULL, WM_APP, 1, 2))
    return error_of_failure(0);
  return PeekMessageW(&message, (HWND)-1, WM_APP, WM_APP, PM_REMOVE) && message.wParam == 1
             ? 0
             : WSABASEERR;
}

static void messages_report_it(void **state)
{
  const struct scenario scenario = {.run = post_to_itself};

  sweep(&scenario);
}

/* --- made handles --------------------------------------------------------------------------------- */

static int WSPAPI nothing(LPINT error)
{
  *error = 0;
  return 0;
}

static int call_of_lower_provider(const char *name, int failure)
{
  return injection_is_due(name) ? failure : 0;
}

static int WSPAPI lower_cleanup(LPINT error)
{
  *error = call_of_lower_provider("lower WSPCleanup", WSAENETDOWN);
  return *error == 0 ? 0 : SOCKET_ERROR;
}

static int WSPAPI lower_cancel(LPINT error)
{
  *error = call_of_lower_provider("lower WSPCancelBlockingCall", WSAENETDOWN);
  return *error == 0 ? 0 : SOCKET_ERROR;
}

/* Fails in each way that WSPStartup has: it says so, another version, a missing entry. */
static int WSPAPI lower_startup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                                WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  LPWSPCLEANUP procedures[sizeof *table / sizeof(LPWSPCLEANUP)];

  (void)info, (void)upcalls;
  for (size_t i = 0; i < sizeof procedures / sizeof procedures[0]; i++)
    procedures[i] = nothing;
  memcpy(table, procedures, sizeof *table);
  table->lpWSPCleanup = lower_cleanup;
  table->lpWSPCancelBlockingCall = lower_cancel;
  if (call_of_lower_provider("missing entry", 1))
    table->lpWSPRecv = NULL;
  data->wVersion = data->wHighVersion =
      call_of_lower_provider("lower version", 1) ? MAKEWORD(2, 0) : version;
  return call_of_lower_provider("lower WSPStartup", WSASYSNOTREADY);
}

static WSAPROTOCOL_INFOW lower_entry(void)
{
  WSAPROTOCOL_INFOW entry = {.ProtocolChain.ChainLen = BASE_PROTOCOL,
                             .iVersion = 2,
                             .iAddressFamily = AF_INET,
                             .iSocketType = SOCK_STREAM,
                             .iProtocol = 250};

  wcscpy(entry.szProtocol, L"Lower Provider");
  return entry;
}

static int with_lower_provider(const struct shim *shim,
                               int (*body)(const struct shim *shim, DWORD id))
{
  const WSAPROTOCOL_INFOW entry = lower_entry();
  DWORD id = 0;
  int error = 0, outcome, ignored;

  if (CALL(shim, Ws2SpiRegisterProvider)(&entry, lower_startup, &id, &error) != 0)
    return error_of_failure(error);
  outcome = body(shim, id);
  while (CALL(shim, Ws2SpiUnregisterProvider)(id, &ignored) != 0)
    outcome = error_of_failure(ignored);
  return outcome;
}

static int complete(const struct shim *shim, SOCKET s, DWORD code, HANDLE port)
{
  WSAOVERLAPPED overlapped = {.Internal = NOTHING_YET};
  LPOVERLAPPED got = NULL;
  ULONG_PTR key = 0;
  DWORD bytes = 0;
  int error = 0;

  if (CALL(shim, WPUCompleteOverlappedRequest)(s, &overlapped, code, code == 0 ? 5 : 0, &error) !=
      0)
    return overlapped.Internal == NOTHING_YET ? error_of_failure(error) : WSABASEERR;
  if (!GetQueuedCompletionStatus(port, &bytes, &key, &got, 5000) != (code != 0) ||
      (code != 0 && GetLastError() != code))
    return WSABASEERR;
  return got == &overlapped && key == 77 && bytes == (code == 0 ? 5u : 0u) ? 0 : WSABASEERR;
}

/* An event that cannot be set is left as it is: the request is finished then. */
static BOOL is_set(HANDLE event)
{
  const char *const failed = injection_failure().call;

  return WaitForSingleObject(event, 0) == WAIT_OBJECT_0 ||
         (failed != NULL && strcmp(failed, "SetEvent") == 0);
}

static int complete_with_event(const struct shim *shim, SOCKET s)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  WSAOVERLAPPED overlapped = {.Internal = NOTHING_YET, .hEvent = event};
  int error = 0, outcome;

  if (CALL(shim, WPUCompleteOverlappedRequest)(s, &overlapped, 0, 5, &error) == 0)
    outcome = overlapped.Internal == 0 && is_set(event) ? 0 : WSABASEERR;
  else
    outcome = overlapped.Internal == NOTHING_YET ? error_of_failure(error) : WSABASEERR;
  CloseHandle(event);
  return outcome;
}

static int use_made_handle(const struct shim *shim, SOCKET s)
{
  const HANDLE port = CreateIoCompletionPort((HANDLE)s, NULL, 77, 1);
  DWORD_PTR context = 0;
  int error = 0, outcome = 0;

  if (CALL(shim, WPUQuerySocketHandleContext)(s, &context, &error) != 0)
    outcome = error_of_failure(error);
  else if (context != 4711)
    outcome = WSABASEERR;
  if (outcome == 0)
    outcome = complete(shim, s, 0, port);
  if (outcome == 0)
    outcome = complete(shim, s, WSAECONNRESET, port);
  CloseHandle(port);
  return outcome == 0 ? complete_with_event(shim, s) : outcome;
}

static int make_use_close(const struct shim *shim, DWORD id)
{
  int error = 0, outcome;
  const SOCKET s = CALL(shim, WPUCreateSocketHandle)(id, 4711, &error);

  if (s == INVALID_SOCKET)
    return error_of_failure(error);
  outcome = use_made_handle(shim, s);
  return CALL(shim, WPUCloseSocketHandle)(s, &error) == 0 ? outcome : error_of_failure(error);
}

static int made_handles(const struct shim *shim)
{
  return with_lower_provider(shim, make_use_close);
}

#define PACKET_IS_TRIED_AGAIN(call)                                                                \
  {                                                                                                \
    "WPUCompleteOverlappedRequest", call, "the request is finished: there is nobody left to tell"  \
  }

static void made_handles_and_completion_report_it(void **state)
{
  const struct scenario scenario = {
      .run = made_handles,
      .made_up_for = {PACKET_IS_TRIED_AGAIN("NtWriteFile"),
                      PACKET_IS_TRIED_AGAIN("NtDeviceIoControlFile"),
                      {"WPUCompleteOverlappedRequest", "SetEvent",
                       "cannot fail on a live event; nobody is left to tell"}}};

  sweep(&scenario);
}

/* --- a provider that fails ------------------------------------------------------------------------- */

static const struct shim *hook_shim;
static int cancel_error;

static INT_PTR CALLBACK cancelling_hook(void)
{
  if (hook_shim->WSACancelBlockingCall() != 0)
    cancel_error = (int)GetLastError();
  return FALSE;
}

/* A provider that refuses the cancel has its operation go on. */
static int be_cancelled(const struct shim *shim, DWORD id)
{
  LPBLOCKINGCALLBACK callback = NULL;
  DWORD_PTR context = 0;
  int error = 0;

  cancel_error = 0;
  if (CALL(shim, WPUQueryBlockingCallback)(id, &callback, &context, &error) != 0)
    return error_of_failure(error);
  if (CALL_AS("blocking callback", callback)(context) != (cancel_error != 0))
    return WSABASEERR;
  return cancel_error == 0 ? 0 : error_of_failure(cancel_error);
}

static int start_cancel_stop(const struct shim *shim, DWORD id)
{
  WSPPROC_TABLE table;
  int error = 0, outcome;

  if (CALL(shim, WSASetBlockingHook)((FARPROC)cancelling_hook) == NULL)
    return error_of_failure((int)GetLastError());
  hook_shim = shim;
  if (CALL(shim, Ws2SpiStartProvider)(id, &table, &error) != 0) {
    outcome = error_of_failure(error);
  } else {
    outcome = be_cancelled(shim, id);
    error = stop_provider(shim, id);
    outcome = outcome != 0 ? outcome : error;
  }
  return CALL(shim, WSAUnhookBlockingHook)() == 0 ? outcome : WSABASEERR;
}

static int failing_provider(const struct shim *shim)
{
  return with_lower_provider(shim, start_cancel_stop);
}

static void a_failing_provider_is_reported(void **state)
{
  const struct scenario scenario = {.run = failing_provider};

  sweep(&scenario);
}

/* --- Winsock's own start ------------------------------------------------------------------------------ */

static int start_and_clean_up(const struct shim *shim)
{
  WSADATA data;
  const int error = CALL(shim, WSAStartup)(MAKEWORD(1, 1), &data);
  int outcome = 0;

  if (error != 0)
    return error_of_failure(error);
  if (CALL(shim, WSACleanup)() != 0)
    outcome = error_of_failure((int)GetLastError());
  return outcome;
}

static void winsock_that_does_not_start_is_reported(void **state)
{
  const struct scenario scenario = {
      .run = start_and_clean_up,
      .made_up_for = {{"WSAStartup", "HeapAlloc", "the application's categories are read later"},
                      {"WSAStartup", "GetModuleFileNameW", "the same"},
                      {"WSAStartup", "RegOpenKeyExW", "the same"}},
      .leaves_traces = "its Winsock was cleaned up once"};

  sweep(&scenario);
}

static int set_up(void **state)
{
  return start_system_winsock();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(events_report_it, free_what_is_loaded),
      cmocka_unit_test_teardown(threads_report_it, free_what_is_loaded),
      cmocka_unit_test_teardown(messages_report_it, free_what_is_loaded),
      cmocka_unit_test_teardown(made_handles_and_completion_report_it, free_what_is_loaded),
      cmocka_unit_test_teardown(a_failing_provider_is_reported, free_what_is_loaded),
      cmocka_unit_test_teardown(winsock_that_does_not_start_is_reported, free_what_is_loaded),
  };

  return cmocka_run_group_tests(tests, set_up, print_sum_of_sweeps);
}
