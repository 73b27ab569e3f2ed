/* Failures inside the base provider: calls that wait with a hook, and data and connections that no
 * failed wait may lose. */
#include "support/cmocka_headers.h"

#include "injection/base_steps.h"
#include "injection/injection.h"
#include "injection/sweep.h"

static int set_up(void **state)
{
  return start_system_winsock() == 0 ? open_peer() : -1;
}

static int tear_down(void **state)
{
  return close_peer() == 0 ? sweep_print_sum(state) : -1;
}

/* --- a receive ---------------------------------------------------------------------------- */

static const struct connection *connected;

static INT_PTR CALLBACK sending_hook(void)
{
  if (connected != NULL)
    send(connected->peer, "x", 1, 0);
  return FALSE;
}

static int receive_into_many_buffers(const struct connection *connection)
{
  char bytes[32];
  WSABUF buffers[32];
  DWORD received = 0, flags = 0;
  int error = 0, result;

  for (int i = 0; i < 32; i++)
    buffers[i] = (WSABUF){1, &bytes[i]};
  connected = connection;
  result = BASE(WSPRecv)(connection->s, buffers, 32, &received, &flags, NULL, NULL, NULL, &error);
  connected = NULL;
  return result == 0 ? 0 : report_error(error);
}

static int receive_on_a_connection(void)
{
  return with_connection(receive_into_many_buffers);
}

static int receive_with_a_hook(const struct shim *shim)
{
  return with_hook(shim, (FARPROC)sending_hook, receive_on_a_connection);
}

static void receiving_with_a_hook_reports_each_failure(void **state)
{
  const struct scenario scenario = {.run = receive_with_a_hook,
                                    .recovered = {BASE_RECOVERS, STREAM_RECOVERS}};

  sweep(&scenario);
}

/* --- over upcalls that fail ------------------------------------------------------------------ */

static int receive_over_our_upcalls(const struct shim *shim)
{
  return with_hook_over_our_upcalls(shim, (FARPROC)sending_hook, receive_on_a_connection);
}

static void upcalls_that_fail_are_reported(void **state)
{
  const struct scenario scenario = {
      .run = receive_over_our_upcalls,
      .recovered = {{"WSPConnect", "upcall WPUQueryBlockingCallback",
                     "needed for a wait; the socket may be connected by then"}}};

  sweep_function(&scenario, "upcall WPUModifyIFSHandle");
  sweep_function(&scenario, "upcall WPUQueryBlockingCallback");
}

/* --- a peek, which waits in another way ------------------------------------------------------ */

static int peek(const struct connection *connection)
{
  char byte;
  WSABUF buffer = {1, &byte};
  DWORD received = 0, flags = MSG_PEEK;
  int error = 0, result;

  connected = connection;
  result = BASE(WSPRecv)(connection->s, &buffer, 1, &received, &flags, NULL, NULL, NULL, &error);
  connected = NULL;
  return result == 0 ? 0 : report_error(error);
}

static int peek_on_a_connection(void)
{
  return with_connection(peek);
}

static int peek_with_a_hook(const struct shim *shim)
{
  return with_hook(shim, (FARPROC)sending_hook, peek_on_a_connection);
}

static void peeking_with_a_hook_reports_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = peek_with_a_hook,
      .recovered = {BASE_RECOVERS,
                    STREAM_RECOVERS,
                    {"WSPRecv", "WSAIoctl", "the next call sets the blocking mode again"}}};

  sweep(&scenario);
}

/* --- a select ---------------------------------------------------------------------------------- */

static int select_for_reading(const struct connection *connection)
{
  fd_set read = {1, {connection->s}};
  int error = 0, ready;

  connected = connection;
  ready = BASE(WSPSelect)(0, &read, NULL, NULL, NULL, &error);
  connected = NULL;
  if (ready == SOCKET_ERROR)
    return report_error(error);
  return ready == 1 ? 0 : WSABASEERR;
}

static int select_on_a_connection(void)
{
  return with_connection(select_for_reading);
}

static int select_with_a_hook(const struct shim *shim)
{
  return with_hook(shim, (FARPROC)sending_hook, select_on_a_connection);
}

static void selecting_with_a_hook_reports_each_failure(void **state)
{
  const struct scenario scenario = {.run = select_with_a_hook,
                                    .recovered = {BASE_RECOVERS, STREAM_RECOVERS}};

  sweep(&scenario);
}

/* --- a cancelled receive ------------------------------------------------------------------------ */

static INT_PTR CALLBACK cancelling_hook(void)
{
  base_shim->WSACancelBlockingCall();
  return FALSE;
}

static int receive_cancelled(const struct connection *connection)
{
  char byte;
  WSABUF buffer = {1, &byte};
  DWORD received = 0, flags = 0;
  int error = 0;
  const int result =
      BASE(WSPRecv)(connection->s, &buffer, 1, &received, &flags, NULL, NULL, NULL, &error);

  if (result == 0)
    return WSABASEERR;
  return error == WSAEINTR ? 0 : report_error(error);
}

/* The connect must not be cancelled. Its hook does not run, because it does not wait for long; if
 * it does run, its cancel is the outcome. */
static int cancel_on_a_connection(void)
{
  return with_connection(receive_cancelled);
}

static int cancel_with_a_hook(const struct shim *shim)
{
  return with_hook(shim, (FARPROC)cancelling_hook, cancel_on_a_connection);
}

static void cancelling_reports_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = cancel_with_a_hook,
      .recovered = {BASE_RECOVERS,
                    STREAM_RECOVERS,
                    {"WSPRecv", "CancelIoEx", "the operation was cancelled nevertheless"}}};

  sweep(&scenario);
}

/* --- an accept ------------------------------------------------------------------------------------ */

static struct sockaddr_in accepting_address;
static SOCKET client = INVALID_SOCKET;
static BOOL is_accepting;

static INT_PTR CALLBACK connecting_hook(void)
{
  if (is_accepting && client == INVALID_SOCKET) {
    client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    connect(client, (struct sockaddr *)&accepting_address, sizeof accepting_address);
  }
  return FALSE;
}

static int accept_one(SOCKET s)
{
  int error = 0;
  SOCKET accepted;

  is_accepting = TRUE;
  accepted = BASE(WSPAccept)(s, NULL, NULL, NULL, 0, &error);
  is_accepting = FALSE;
  if (client != INVALID_SOCKET)
    closesocket(client);
  client = INVALID_SOCKET;
  return accepted == INVALID_SOCKET ? report_error(error) : close_base_socket(accepted);
}

static int listen_and_accept(SOCKET s)
{
  int length = sizeof accepting_address, error = 0;

  if (BASE(WSPListen)(s, 4, &error) != 0 ||
      BASE(WSPGetSockName)(s, (struct sockaddr *)&accepting_address, &length, &error) != 0)
    return report_error(error);
  return accept_one(s);
}

static int accept_on_a_socket(void)
{
  return with_socket(SOCK_STREAM, listen_and_accept);
}

static int accept_with_a_hook(const struct shim *shim)
{
  return with_hook(shim, (FARPROC)connecting_hook, accept_on_a_socket);
}

static void accepting_with_a_hook_reports_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = accept_with_a_hook,
      .recovered = {BASE_RECOVERS,
                    {"WSPCloseSocket", "getsockopt",
                     "it asks for SO_LINGER; without an answer this thread closes the socket"},
                    {"WSPAccept", "WSAIoctl", "the next call sets the blocking mode again"},
                    {"WSPAccept", "HeapAlloc", "the reserved memory is used"}}};

  sweep(&scenario);
}

/* --- a connection that waits to be accepted ----------------------------------------------- */

static SOCKET listen_by_provider(const WSPPROC_TABLE *table, struct sockaddr_in *address)
{
  int length = sizeof *address, error = 0;
  const SOCKET s = CALL_AS("WSPSocket", table->lpWSPSocket)(AF_INET, SOCK_STREAM, 0, NULL, 0,
                                                            WSA_FLAG_OVERLAPPED, &error);
  u_long one = 1;
  DWORD returned;

  *address = *peer_address();
  address->sin_port = 0;
  assert_int_equal(
      CALL_AS("WSPBind", table->lpWSPBind)(s, (struct sockaddr *)address, length, &error), 0);
  assert_int_equal(CALL_AS("WSPListen", table->lpWSPListen)(s, 4, &error), 0);
  assert_int_equal(CALL_AS("WSPGetSockName", table->lpWSPGetSockName)(s, (struct sockaddr *)address,
                                                                      &length, &error),
                   0);
  /* Without this an accept would wait for ever after a lost connection. */
  assert_int_equal(CALL_AS("WSPIoctl", table->lpWSPIoctl)(s, (DWORD)FIONBIO, &one, sizeof one, NULL,
                                                          0, &returned, NULL, NULL, NULL, &error),
                   0);
  return s;
}

/* Returns whether there was an n-th allocation to fail. */
static BOOL accept_with_a_failure(const WSPPROC_TABLE *table, LONG n)
{
  struct sockaddr_in address;
  const SOCKET accepting = listen_by_provider(table, &address);
  const SOCKET connecting = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  SOCKET accepted;
  BOOL failed;
  int error = 0;

  assert_int_equal(connect(connecting, (struct sockaddr *)&address, sizeof address), 0);
  injection_arm("HeapAlloc", n);
  accepted = CALL_AS("WSPAccept", table->lpWSPAccept)(accepting, NULL, NULL, NULL, 0, &error);
  failed = injection_disarm() != NULL;
  if (accepted == INVALID_SOCKET) {
    assert_true(failed);
    assert_int_equal(error, WSAENOBUFS);
    accepted = CALL_AS("WSPAccept", table->lpWSPAccept)(accepting, NULL, NULL, NULL, 0, &error);
  }
  assert_true(accepted != INVALID_SOCKET);
  assert_int_equal(CALL_AS("WSPCloseSocket", table->lpWSPCloseSocket)(accepted, &error), 0);
  assert_int_equal(CALL_AS("WSPCloseSocket", table->lpWSPCloseSocket)(accepting, &error), 0);
  closesocket(connecting);
  return failed;
}

static BOOL accept_in_fresh_shim(LONG n)
{
  struct shim shim;
  BOOL failed;
  WSPPROC_TABLE table;
  int error = 0;

  shim_load(&shim);
  assert_int_equal(shim.Ws2SpiStartProvider(TCP_ENTRY, &table, &error), 0);
  failed = accept_with_a_failure(&table, n);
  assert_int_equal(shim.Ws2SpiStopProvider(TCP_ENTRY, &error), 0);
  shim_free(&shim);
  assert_int_equal(resource_held(MEMORY), 0);
  return failed;
}

static void a_connection_survives_a_failed_accept(void **state)
{
  LONG n = 1;

  while (n < 100 && accept_in_fresh_shim(n))
    n++;
  assert_in_range(n, 3, 99);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(receiving_with_a_hook_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(upcalls_that_fail_are_reported, free_loaded_dll),
      cmocka_unit_test_teardown(peeking_with_a_hook_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(selecting_with_a_hook_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(cancelling_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(accepting_with_a_hook_reports_each_failure, free_loaded_dll),
      cmocka_unit_test_teardown(a_connection_survives_a_failed_accept, free_loaded_dll),
  };

  return cmocka_run_group_tests(tests, set_up, tear_down);
}
