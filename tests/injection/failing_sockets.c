/* Failures inside the base provider: sockets, traffic and overlapped calls. */
#include "support/cmocka_headers.h"

#include "injection/base_steps.h"
#include "injection/sweep.h"

static int set_up(void **state)
{
  return start_system_winsock() == 0 ? open_peer() : -1;
}

static int tear_down(void **state)
{
  return close_peer() == 0 ? sweep_print_sum(state) : -1;
}

static INT_PTR CALLBACK idle_hook(void)
{
  return FALSE;
}

/* As with_hook; on a busy machine a connect has to wait. */
#define BASE_TEST(name, body, ...)                                                                 \
  static int run_##name(const struct shim *shim)                                                   \
  {                                                                                                \
    return with_hook(shim, (FARPROC)idle_hook, body);                                              \
  }                                                                                                \
  static void name(void **state)                                                                   \
  {                                                                                                \
    const struct scenario scenario = {.run = run_##name,                                           \
                                      .recovered = {BASE_RECOVERS, __VA_ARGS__}};                  \
                                                                                                   \
    sweep(&scenario);                                                                              \
  }

/* --- a stream ----------------------------------------------------------------------------- */

static int send_text(SOCKET s)
{
  char text[] = "text";
  WSABUF buffer = {4, text};
  DWORD sent = 0;
  int error = 0;

  if (BASE(WSPSend)(s, &buffer, 1, &sent, 0, NULL, NULL, NULL, &error) != 0)
    return report_error(error);
  return sent == 4 ? 0 : WSABASEERR;
}

static int receive_text(SOCKET s)
{
  char text[8];
  WSABUF buffer = {sizeof text, text};
  DWORD received = 0, flags = 0;
  int error = 0;

  if (BASE(WSPRecv)(s, &buffer, 1, &received, &flags, NULL, NULL, NULL, &error) != 0)
    return report_error(error);
  return received == 4 ? 0 : WSABASEERR;
}

static int look_at_names(SOCKET s)
{
  struct sockaddr_in address;
  int length = sizeof address, error = 0;

  if (BASE(WSPGetSockName)(s, (struct sockaddr *)&address, &length, &error) != 0 ||
      BASE(WSPGetPeerName)(s, (struct sockaddr *)&address, &length, &error) != 0)
    return report_error(error);
  return 0;
}

static int use_connection(const struct connection *connection)
{
  int error = send_text(connection->s);

  send(connection->peer, "back", 4, 0);
  if (error == 0)
    error = receive_text(connection->s);
  if (error == 0)
    error = look_at_names(connection->s);
  if (error == 0 && BASE(WSPShutdown)(connection->s, SD_SEND, &error) != 0)
    error = report_error(error);
  return error;
}

static int stream(void)
{
  return with_connection(use_connection);
}

BASE_TEST(a_stream_reports_each_failure, stream, STREAM_RECOVERS)

/* --- datagrams ------------------------------------------------------------------------------- */

static int send_to_itself(SOCKET s)
{
  struct sockaddr_in address;
  char text[] = "text";
  WSABUF buffer = {4, text};
  DWORD sent = 0, received = 0, flags = 0;
  int length = sizeof address, error = 0;

  if (BASE(WSPGetSockName)(s, (struct sockaddr *)&address, &length, &error) != 0 ||
      BASE(WSPSendTo)(s, &buffer, 1, &sent, 0, (struct sockaddr *)&address, length, NULL, NULL,
                      NULL, &error) != 0 ||
      BASE(WSPRecvFrom)(s, &buffer, 1, &received, &flags, (struct sockaddr *)&address, &length,
                        NULL, NULL, NULL, &error) != 0)
    return report_error(error);
  return received == 4 ? 0 : WSABASEERR;
}

static int datagrams(void)
{
  return with_socket(SOCK_DGRAM, send_to_itself);
}

BASE_TEST(datagrams_report_each_failure, datagrams, {0})

/* --- a wait without a hook --------------------------------------------------------------------------- */

/* The wait makes what its thread needs. No datagram comes, so the call has to wait. */
static int wait_without_data(SOCKET s)
{
  char text[4];
  WSABUF buffer = {4, text};
  DWORD received = 0, flags = 0;
  int milliseconds = 1, error = 0;

  if (BASE(WSPSetSockOpt)(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&milliseconds, sizeof milliseconds,
                          &error) != 0)
    return report_error(error);
  if (BASE(WSPRecvFrom)(s, &buffer, 1, &received, &flags, NULL, NULL, NULL, NULL, NULL, &error) ==
      0)
    return WSABASEERR;
  return error == WSAETIMEDOUT ? 0 : report_error(error);
}

static int wait_on_a_socket(void)
{
  return with_socket(SOCK_DGRAM, wait_without_data);
}

static int wait_without_a_hook(const struct shim *shim)
{
  return with_base(shim, wait_on_a_socket);
}

static void a_wait_without_a_hook_reports_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = wait_without_a_hook,
      .recovered = {BASE_RECOVERS,
                    {"WSPRecvFrom", "WaitForMultipleObjectsEx", "the wait is repeated"},
                    {"WSPRecvFrom", "CancelIoEx", "the operation was cancelled nevertheless"}}};

  sweep(&scenario);
}

/* --- options, modes, events, strings ------------------------------------------------------------ */

static int set_and_get_option(SOCKET s)
{
  int on = 1, size = sizeof on, error = 0;

  if (BASE(WSPSetSockOpt)(s, SOL_SOCKET, SO_REUSEADDR, (char *)&on, size, &error) != 0 ||
      BASE(WSPGetSockOpt)(s, SOL_SOCKET, SO_TYPE, (char *)&on, &size, &error) != 0)
    return report_error(error);
  return on == SOCK_DGRAM ? 0 : WSABASEERR;
}

static int set_mode(SOCKET s)
{
  u_long one = 1;
  DWORD returned;
  int error = 0;

  return BASE(WSPIoctl)(s, (DWORD)FIONBIO, &one, sizeof one, NULL, 0, &returned, NULL, NULL, NULL,
                        &error) == 0
             ? 0
             : report_error(error);
}

static int select_events(SOCKET s)
{
  WSANETWORKEVENTS events = {0};
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  int error = 0;

  if (BASE(WSPEventSelect)(s, event, FD_READ, &error) == 0 &&
      BASE(WSPEnumNetworkEvents)(s, event, &events, &error) == 0)
    error = 0;
  else
    error = report_error(error);
  CloseHandle(event);
  return error;
}

static int convert_address(void)
{
  WCHAR text[64];
  DWORD chars = sizeof text / sizeof text[0];
  struct sockaddr_in address = *peer_address();
  WSAPROTOCOL_INFOW info = {.iAddressFamily = AF_INET};
  int length = sizeof address, error = 0;

  if (BASE(WSPAddressToString)((struct sockaddr *)&address, sizeof address, &info, text, &chars,
                               &error) != 0 ||
      BASE(WSPStringToAddress)(text, AF_INET, &info, (struct sockaddr *)&address, &length,
                               &error) != 0)
    return report_error(error);
  return 0;
}

static int use_datagram_socket(SOCKET s)
{
  int error = set_and_get_option(s);

  if (error == 0)
    error = set_mode(s);
  if (error == 0)
    error = select_events(s);
  return error == 0 ? convert_address() : error;
}

static int options_and_events(void)
{
  return with_socket(SOCK_DGRAM, use_datagram_socket);
}

BASE_TEST(options_and_events_report_each_failure, options_and_events, {0})

/* --- a duplicate --------------------------------------------------------------------------------- */

static SOCKET socket_from(WSAPROTOCOL_INFOW info, int *error)
{
  return BASE(WSPSocket)(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                         WSA_FLAG_OVERLAPPED, error);
}

/* The system keeps what was duplicated until a socket is made from it: a failure must not use it
 * up. */
static int duplicate(SOCKET s)
{
  WSAPROTOCOL_INFOW info;
  SOCKET second;
  int error = 0, outcome = 0;

  if (BASE(WSPDuplicateSocket)(s, GetCurrentProcessId(), &info, &error) != 0)
    return report_error(error);
  while ((second = socket_from(info, &error)) == INVALID_SOCKET)
    outcome = report_error(error);
  return first_error(outcome, close_base_socket(second));
}

static int duplicates(void)
{
  return with_socket(SOCK_DGRAM, duplicate);
}

#define TRANSPORT_FOUND_BY_SYSTEM(call)                                                            \
  {                                                                                                \
    "WSPSocket", call, "without its catalog the system finds the transport itself"                 \
  }

BASE_TEST(duplicates_report_each_failure, duplicates, TRANSPORT_FOUND_BY_SYSTEM("HeapAlloc"),
          TRANSPORT_FOUND_BY_SYSTEM("WSAEnumProtocolsW"))

/* --- a close that lingers -------------------------------------------------------------------------- */

static int make_it_linger(const struct connection *connection)
{
  struct linger linger = {1, 1};
  int error = 0;

  return BASE(WSPSetSockOpt)(connection->s, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger,
                             &error) == 0
             ? 0
             : report_error(error);
}

static int lingering(void)
{
  return with_connection(make_it_linger);
}

#define CLOSED_BY_THIS_THREAD(call)                                                                \
  {                                                                                                \
    "WSPCloseSocket", call, "without a new thread the calling thread closes the socket"            \
  }

BASE_TEST(a_lingering_close_reports_each_failure, lingering, STREAM_RECOVERS,
          CLOSED_BY_THIS_THREAD("HeapAlloc"), CLOSED_BY_THIS_THREAD("CreateThread"),
          CLOSED_BY_THIS_THREAD("GetModuleHandleExW"))

/* --- overlapped: an event ---------------------------------------------------------------------------- */

static char overlapped_byte;
static WSABUF overlapped_buffer = {1, &overlapped_byte};
static DWORD overlapped_flags;

static int collect(SOCKET s, WSAOVERLAPPED *overlapped)
{
  DWORD received = 0, flags = 0;
  int error = 0, outcome = 0;

  if (!BASE(WSPGetOverlappedResult)(s, overlapped, &received, TRUE, &flags, &error)) {
    /* The result can be asked for again: the operation itself was not touched. */
    outcome = report_error(error);
    if (!BASE(WSPGetOverlappedResult)(s, overlapped, &received, TRUE, &flags, &error))
      return WSABASEERR;
  }
  return received == 1 ? outcome : WSABASEERR;
}

static int start_receiving(SOCKET s, WSAOVERLAPPED *overlapped,
                           LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, WSATHREADID *thread)
{
  int error = 0;

  overlapped_flags = 0;
  if (BASE(WSPRecv)(s, &overlapped_buffer, 1, NULL, &overlapped_flags, overlapped, routine, thread,
                    &error) == 0 ||
      error == WSA_IO_PENDING)
    return 0;
  return report_error(error);
}

static int receive_with_event(const struct connection *connection)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  int error = start_receiving(connection->s, &overlapped, NULL, NULL);

  if (error == 0) {
    send(connection->peer, "x", 1, 0);
    error = collect(connection->s, &overlapped);
  }
  CloseHandle(overlapped.hEvent);
  return error;
}

static int overlapped_with_event(void)
{
  return with_connection(receive_with_event);
}

BASE_TEST(overlapped_with_an_event_reports_each_failure, overlapped_with_event, STREAM_RECOVERS)

/* --- overlapped: a completion routine ------------------------------------------------------------------ */

static volatile LONG routine_runs;
static volatile DWORD routine_error;

static void CALLBACK routine(DWORD error, DWORD transferred, LPWSAOVERLAPPED overlapped,
                             DWORD flags)
{
  (void)transferred, (void)overlapped, (void)flags;
  routine_error = error;
  InterlockedIncrement(&routine_runs);
}

static int receive_with_routine(const struct connection *connection)
{
  WSAOVERLAPPED overlapped = {0};
  int error;

  routine_runs = 0;
  error = start_receiving(connection->s, &overlapped, routine, NULL);
  if (error != 0)
    return error;
  send(connection->peer, "x", 1, 0);
  while (routine_runs == 0)
    SleepEx(10, TRUE);
  return routine_runs == 1 ? (int)routine_error : WSABASEERR;
}

static int overlapped_with_routine(void)
{
  return with_connection(receive_with_routine);
}

BASE_TEST(overlapped_with_a_routine_reports_each_failure, overlapped_with_routine, STREAM_RECOVERS)

/* --- overlapped: a routine for another thread ------------------------------------------------------------ */

static struct {
  HANDLE ready, leave, thread;
} sleeper;

static DWORD WINAPI sleep_alertably(void *unused)
{
  (void)unused;
  SetEvent(sleeper.ready);
  while (WaitForSingleObjectEx(sleeper.leave, INFINITE, TRUE) == WAIT_IO_COMPLETION)
    continue;
  return 0;
}

static void start_sleeper(void)
{
  sleeper.ready = CreateEventW(NULL, TRUE, FALSE, NULL);
  sleeper.leave = CreateEventW(NULL, TRUE, FALSE, NULL);
  sleeper.thread = CreateThread(NULL, 0, sleep_alertably, NULL, 0, NULL);
  WaitForSingleObject(sleeper.ready, INFINITE);
}

static void end_sleeper(void)
{
  SetEvent(sleeper.leave);
  WaitForSingleObject(sleeper.thread, INFINITE);
  CloseHandle(sleeper.thread);
  CloseHandle(sleeper.ready);
  CloseHandle(sleeper.leave);
}

static BOOL routine_could_not_be_queued(void)
{
  const char *const call = injection_failure().call;

  return call != NULL && (strcmp(call, "QueueUserAPC") == 0 || strstr(call, "QueueApc") != NULL);
}

/* If the routine cannot be queued, only the OVERLAPPED shows that the operation is over. A thread
 * of the pool frees later what the DLL kept for the routine. */
static int receive_elsewhere(const struct connection *connection)
{
  WSATHREADID thread = {sleeper.thread, 0};
  WSAOVERLAPPED overlapped = {0};
  LONG kept;
  int error;

  routine_runs = 0;
  error = start_receiving(connection->s, &overlapped, routine, &thread);
  if (error != 0)
    return error;
  kept = resource_held(MEMORY);
  send(connection->peer, "x", 1, 0);
  while (!HasOverlappedIoCompleted(&overlapped))
    Sleep(1);
  while (routine_runs == 0 && !routine_could_not_be_queued())
    Sleep(1);
  while (routine_runs == 0 && resource_held(MEMORY) >= kept)
    Sleep(1);
  return routine_runs == 1 ? (int)routine_error : 0;
}

static int receive_for_a_sleeper(const struct connection *connection)
{
  int error;

  start_sleeper();
  error = receive_elsewhere(connection);
  end_sleeper();
  return error;
}

static int overlapped_elsewhere(void)
{
  return with_connection(receive_for_a_sleeper);
}

BASE_TEST(overlapped_for_another_thread_reports_each_failure, overlapped_elsewhere, STREAM_RECOVERS,
          {"WSPRecv", "QueueUserAPC", "only the OVERLAPPED shows that the operation is over"})

static int elsewhere_over_our_upcalls(const struct shim *shim)
{
  return with_hook_over_our_upcalls(shim, (FARPROC)idle_hook, overlapped_elsewhere);
}

static void a_routine_that_cannot_be_queued_leaves_the_result(void **state)
{
  const struct scenario scenario = {
      .run = elsewhere_over_our_upcalls,
      .recovered = {{"WSPRecv", "upcall WPUQueueApc",
                     "only the OVERLAPPED shows that the operation is over"}}};

  sweep_function(&scenario, "upcall WPUQueueApc");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(a_stream_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(datagrams_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(a_wait_without_a_hook_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(options_and_events_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(duplicates_report_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(a_lingering_close_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(overlapped_with_an_event_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(overlapped_with_a_routine_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(overlapped_for_another_thread_reports_each_failure,
                                free_loaded_dll),
      cmocka_unit_test_teardown(a_routine_that_cannot_be_queued_leaves_the_result, free_loaded_dll),
  };

  return cmocka_run_group_tests(tests, set_up, tear_down);
}
