/* Failures in the upcalls (events, threads, messages, made handles and their completion), in
 * Winsock's start, and in a provider's procedures. */
#include "support/cmocka_headers.h"

#include "injection/injection.h"
#include "injection/plain_provider.h"
#include "injection/sweep.h"
#include "support/on_wine.h"

enum { BASE_TCP = 1001, NOTHING_YET = 0x103 };

/* --- events ---------------------------------------------------------------------------------- */

static int use_event(const struct shim *shim)
{
  int error = 0, outcome = 0;
  const WSAEVENT event = CALL(shim, WPUCreateEvent)(&error);

  if (event == WSA_INVALID_EVENT)
    return report_error(error);
  if (!CALL(shim, WPUSetEvent)(event, &error) || !CALL(shim, WPUResetEvent)(event, &error))
    outcome = report_error(error);
  return CALL(shim, WPUCloseEvent)(event, &error) ? outcome : report_error(error);
}

static void events_report_each_failure(void **state)
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
    return report_error(error);
  if (CALL(shim, WPUQueueApc)(&thread, count_apc, 0, &error) != 0)
    outcome = report_error(error);
  else if (SleepEx(0, TRUE) != WAIT_IO_COMPLETION || apcs != 1)
    outcome = WSABASEERR;
  return CALL(shim, WPUCloseThread)(&thread, &error) == 0 ? outcome : report_error(error);
}

/* The page of WPUQueueApc lists no nearer code than WSAEFAULT. */
static void threads_report_each_failure(void **state)
{
  const struct scenario scenario = {.run = queue_to_itself};

  sweep(&scenario);
}

/* --- messages ----------------------------------------------------------------------------------- */

static int post_to_itself(const struct shim *shim)
{
  MSG message;

  if (!CALL(shim, WPUPostMessage)(NULL, WM_APP, 1, 2))
    return report_error(0);
  return PeekMessageW(&message, (HWND)-1, WM_APP, WM_APP, PM_REMOVE) && message.wParam == 1
             ? 0
             : WSABASEERR;
}

static void messages_report_each_failure(void **state)
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

/* Fails in each way that a WSPStartup can: with a code, with another version, with a missing
 * entry. */
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
    return report_error(error);
  outcome = body(shim, id);
  while (CALL(shim, Ws2SpiUnregisterProvider)(id, &ignored) != 0)
    outcome = report_error(ignored);
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
    return overlapped.Internal == NOTHING_YET ? report_error(error) : WSABASEERR;
  if (GetQueuedCompletionStatus(port, &bytes, &key, &got, 5000)) {
    /* On Windows a failure has the packet of a success (src/sockets/iocp_post.c). */
    if (code != 0 && on_wine())
      return WSABASEERR;
  } else if (code == 0 || GetLastError() != code) {
    return WSABASEERR;
  }
  return got == &overlapped && key == 77 && bytes == (code == 0 ? 5u : 0u) ? 0 : WSABASEERR;
}

/* If the event cannot be set, it stays as it is: the request is complete by then. */
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
    outcome = overlapped.Internal == NOTHING_YET ? report_error(error) : WSABASEERR;
  CloseHandle(event);
  return outcome;
}

static int use_made_handle(const struct shim *shim, SOCKET s)
{
  const HANDLE port = CreateIoCompletionPort((HANDLE)s, NULL, 77, 1);
  DWORD_PTR context = 0;
  int error = 0, outcome = 0;

  if (CALL(shim, WPUQuerySocketHandleContext)(s, &context, &error) != 0)
    outcome = report_error(error);
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
    return report_error(error);
  outcome = use_made_handle(shim, s);
  return CALL(shim, WPUCloseSocketHandle)(s, &error) == 0 ? outcome : report_error(error);
}

static int made_handles(const struct shim *shim)
{
  return with_lower_provider(shim, make_use_close);
}

#define PACKET_IS_TRIED_AGAIN(call)                                                                \
  {                                                                                                \
    "WPUCompleteOverlappedRequest", call,                                                          \
        "the request is complete, so there is no call to report to"                                \
  }

static void made_handles_and_completion_report_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = made_handles,
      .recovered = {PACKET_IS_TRIED_AGAIN("NtWriteFile"),
                    PACKET_IS_TRIED_AGAIN("NtDeviceIoControlFile"),
                    {"WPUCompleteOverlappedRequest", "SetEvent",
                     "cannot fail on a live event, and there is no call to report to"}}};

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

/* If the provider refuses the cancel, its operation goes on. */
static int be_cancelled(const struct shim *shim, DWORD id)
{
  LPBLOCKINGCALLBACK callback = NULL;
  DWORD_PTR context = 0;
  int error = 0;

  cancel_error = 0;
  if (CALL(shim, WPUQueryBlockingCallback)(id, &callback, &context, &error) != 0)
    return report_error(error);
  if (CALL_AS("blocking callback", callback)(context) != (cancel_error != 0))
    return WSABASEERR;
  return cancel_error == 0 ? 0 : report_error(cancel_error);
}

static int start_cancel_stop(const struct shim *shim, DWORD id)
{
  WSPPROC_TABLE table;
  int error = 0, outcome;

  if (CALL(shim, WSASetBlockingHook)((FARPROC)cancelling_hook) == NULL)
    return report_error((int)GetLastError());
  hook_shim = shim;
  if (CALL(shim, Ws2SpiStartProvider)(id, &table, &error) != 0) {
    outcome = report_error(error);
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
    return report_error(error);
  if (CALL(shim, WSACleanup)() != 0)
    outcome = report_error((int)GetLastError());
  return outcome;
}

static void winsock_that_does_not_start_is_reported(void **state)
{
  const struct scenario scenario = {
      .run = start_and_clean_up,
      .recovered = {{"WSAStartup", "HeapAlloc", "the application's categories are read later"},
                    {"WSAStartup", "GetModuleFileNameW", "the same"},
                    {"WSAStartup", "RegOpenKeyExW", "the same"}},
      .leaves_traces = "Winsock was cleaned up once in this process"};

  sweep(&scenario);
}

static int set_up(void **state)
{
  return start_system_winsock();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(events_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(threads_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(messages_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(made_handles_and_completion_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(a_failing_provider_is_reported, free_loaded_dll),
      cmocka_unit_test_teardown(winsock_that_does_not_start_is_reported, free_loaded_dll),
  };

  return cmocka_run_group_tests(tests, set_up, sweep_print_sum);
}
