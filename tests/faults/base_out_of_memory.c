/* Memory exhaustion inside the base provider: blocking calls that wait with a hook. */
#include "support/cmocka_headers.h"

#include "faults/sweep.h"

#include <string.h>

enum { BASE_TCP = 1001 };

/* --- the peer, on sockets of the system's Winsock ------------------------------------- */

static SOCKET listener = INVALID_SOCKET;
static struct sockaddr_in listener_address;
static WSAPROTOCOL_INFOW base_info;

/* Not by name: that would load the DLL with the program. */
static int start_system_winsock(void)
{
  const FARPROC found = GetProcAddress(LoadLibraryW(L"ws2_32.dll"), "WSAStartup");
  int(WSAAPI * startup)(WORD, LPWSADATA);
  WSADATA data;

  memcpy(&startup, &found, sizeof startup);
  return startup(MAKEWORD(2, 2), &data);
}

static int listen_on_loopback(void)
{
  int length = sizeof listener_address;

  listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  listener_address.sin_family = AF_INET;
  listener_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return bind(listener, (struct sockaddr *)&listener_address, length) == 0 &&
                 listen(listener, 4) == 0
             ? getsockname(listener, (struct sockaddr *)&listener_address, &length)
             : SOCKET_ERROR;
}

static void read_base_info(void)
{
  WSAPROTOCOL_INFOW entries[16];
  DWORD bytes = sizeof entries;
  struct heap_watch watch;
  struct shim shim;
  int error;

  shim_load(&shim, &watch);
  assert_true(shim.WSCEnumProtocols(NULL, entries, &bytes, &error) > 0);
  assert_int_equal(entries[0].dwCatalogEntryId, BASE_TCP);
  base_info = entries[0];
  shim_free(&shim);
}

static int set_up(void **state)
{
  (void)state;
  read_base_info();
  return start_system_winsock() == 0 ? listen_on_loopback() : -1;
}

static int tear_down(void **state)
{
  (void)state;
  return closesocket(listener);
}

/* --- a connection through the base provider ------------------------------------------- */

static struct connection {
  WSPPROC_TABLE table;
  SOCKET s;
  SOCKET peer;
} connection;

static int open_connection(void)
{
  WSAPROTOCOL_INFOW info = base_info;
  int error = 0, ignored;

  connection.s = connection.table.lpWSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, &info, 0,
                                              WSA_FLAG_OVERLAPPED, &error);
  if (connection.s == INVALID_SOCKET)
    return error_of_failure(error);
  if (connection.table.lpWSPConnect(connection.s, (struct sockaddr *)&listener_address,
                                    sizeof listener_address, NULL, NULL, NULL, NULL, &error) != 0) {
    connection.table.lpWSPCloseSocket(connection.s, &ignored);
    return error_of_failure(error);
  }
  connection.peer = accept(listener, NULL, NULL);
  return 0;
}

static int close_connection(void)
{
  int error = 0;

  closesocket(connection.peer);
  return connection.table.lpWSPCloseSocket(connection.s, &error) == 0 ? 0 : error_of_failure(error);
}

/* --- what waits, and what its hook does to end the wait ------------------------------ */

static INT_PTR CALLBACK sending_hook(void)
{
  send(connection.peer, "x", 1, 0);
  return FALSE;
}

static int receive_into_many_buffers(void)
{
  char bytes[32];
  WSABUF buffers[32];
  DWORD received = 0, flags = 0;
  int error = 0;

  for (int i = 0; i < 32; i++)
    buffers[i] = (WSABUF){1, &bytes[i]};
  return connection.table.lpWSPRecv(connection.s, buffers, 32, &received, &flags, NULL, NULL, NULL,
                                    &error) == 0
             ? 0
             : error_of_failure(error);
}

static int select_for_reading(void)
{
  fd_set read = {1, {connection.s}};
  int error = 0;
  const int ready = connection.table.lpWSPSelect(0, &read, NULL, NULL, NULL, &error);

  if (ready == SOCKET_ERROR)
    return error_of_failure(error);
  return ready == 1 ? 0 : WSABASEERR;
}

static int (*waiting_call)(void);

static int wait_on_a_connection(void)
{
  int error, close_error;

  connection.peer = INVALID_SOCKET;
  error = open_connection();
  if (error != 0)
    return error;
  error = waiting_call();
  close_error = close_connection();
  return error != 0 ? error : close_error;
}

/* The hook is set first: then no call finds out that it lacks memory for its thread
 * while its operation is under way already, and may by then have succeeded. */
static int wait_with_a_hook(const struct shim *shim)
{
  int error;

  if (shim->WSASetBlockingHook((FARPROC)sending_hook) == NULL)
    return error_of_failure((int)GetLastError());
  error = wait_on_a_connection();
  if (shim->WSAUnhookBlockingHook() != 0)
    return WSABASEERR;
  return error;
}

static int start_wait_stop(const struct shim *shim)
{
  int error = 0, stop_error = 0;

  if (shim->Ws2SpiStartProvider(BASE_TCP, &connection.table, &error) != 0)
    return error_of_failure(error);
  error = wait_with_a_hook(shim);
  if (shim->Ws2SpiStopProvider(BASE_TCP, &stop_error) != 0)
    return error_of_failure(stop_error);
  return error;
}

static const struct scenario scenario = {
    start_wait_stop,
    {WSAENOBUFS, WSA_NOT_ENOUGH_MEMORY, WSAEINVAL, WSAEPROVIDERFAILEDINIT, WSASYSCALLFAILURE, 0}};

static void receiving_with_a_hook_reports_it(void **state)
{
  (void)state;
  waiting_call = receive_into_many_buffers;
  sweep(&scenario);
}

static void selecting_with_a_hook_reports_it(void **state)
{
  (void)state;
  waiting_call = select_for_reading;
  sweep(&scenario);
}

/* --- the base provider, reached by a path ----------------------------------------------- */

static const GUID installed_id = {0x11111111, 0x2222, 0x3333, {4, 4, 4, 4, 4, 4, 4, 4}};

/* 0 if there is no such entry; the last one is ours. */
static DWORD last_id(const struct shim *shim, int *error)
{
  WSAPROTOCOL_INFOW entries[16];
  DWORD bytes = sizeof entries;
  const int count = shim->WSCEnumProtocols(NULL, entries, &bytes, error);

  return count > 0 ? entries[count - 1].dwCatalogEntryId : 0;
}

static int start_and_stop_installed(const struct shim *shim)
{
  WSPPROC_TABLE table;
  int error = 0;
  const DWORD id = last_id(shim, &error);

  if (id == 0 || shim->Ws2SpiStartProvider(id, &table, &error) != 0)
    return error_of_failure(error);
  return shim->Ws2SpiStopProvider(id, &error) != 0 ? error_of_failure(error) : 0;
}

static int install_start_stop_deinstall(const struct shim *shim)
{
  WSAPROTOCOL_INFOW info = base_info;
  WCHAR path[MAX_PATH];
  GUID id = installed_id;
  int error = 0, outcome;

  GetModuleFileNameW(shim->module, path, MAX_PATH);
  if (shim->WSCInstallProvider(&id, path, &info, 1, &error) != 0)
    return error_of_failure(error);
  outcome = start_and_stop_installed(shim);
  /* Failed once, it leaves the provider installed. */
  while (shim->WSCDeinstallProvider(&id, &error) != 0)
    outcome = error_of_failure(error);
  return outcome;
}

static void starting_an_installed_provider_reports_it(void **state)
{
  const struct scenario installed = {
      install_start_stop_deinstall, {WSA_NOT_ENOUGH_MEMORY, WSAENOBUFS, WSAEPROVIDERFAILEDINIT, 0}};

  (void)state;
  sweep(&installed);
}

/* --- a connection that waits to be accepted ----------------------------------------------- */

static SOCKET listen_by_provider(const WSPPROC_TABLE *table, struct sockaddr_in *address)
{
  int length = sizeof *address, error = 0;
  const SOCKET s =
      table->lpWSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
  u_long one = 1;
  DWORD returned;

  *address = listener_address;
  address->sin_port = 0;
  assert_int_equal(table->lpWSPBind(s, (struct sockaddr *)address, length, &error), 0);
  assert_int_equal(table->lpWSPListen(s, 4, &error), 0);
  assert_int_equal(table->lpWSPGetSockName(s, (struct sockaddr *)address, &length, &error), 0);
  /* So that an accept after a loss does not wait for ever. */
  assert_int_equal(table->lpWSPIoctl(s, (DWORD)FIONBIO, &one, sizeof one, NULL, 0, &returned, NULL,
                                     NULL, NULL, &error),
                   0);
  return s;
}

static void accept_with_a_failure(const WSPPROC_TABLE *table, struct heap_watch *watch, LONG n)
{
  struct sockaddr_in address;
  const SOCKET accepting = listen_by_provider(table, &address);
  const SOCKET client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  SOCKET accepted;
  int error = 0;

  assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
  watch->fail_after = n;
  accepted = table->lpWSPAccept(accepting, NULL, NULL, NULL, 0, &error);
  watch->fail_after = 0;
  if (accepted == INVALID_SOCKET) {
    assert_true(watch->failed);
    assert_int_equal(error, WSAENOBUFS);
    accepted = table->lpWSPAccept(accepting, NULL, NULL, NULL, 0, &error);
  }
  assert_true(accepted != INVALID_SOCKET);
  assert_int_equal(table->lpWSPCloseSocket(accepted, &error), 0);
  assert_int_equal(table->lpWSPCloseSocket(accepting, &error), 0);
  closesocket(client);
}

static LONG accept_in_fresh_shim(LONG n)
{
  struct heap_watch watch;
  struct shim shim;
  WSPPROC_TABLE table;
  int error = 0;

  shim_load(&shim, &watch);
  assert_int_equal(shim.Ws2SpiStartProvider(BASE_TCP, &table, &error), 0);
  accept_with_a_failure(&table, &watch, n);
  assert_int_equal(shim.Ws2SpiStopProvider(BASE_TCP, &error), 0);
  shim_free(&shim);
  assert_int_equal(watch.live, 0);
  return watch.failed;
}

static void a_connection_survives_a_failed_accept(void **state)
{
  LONG n = 1;

  (void)state;
  while (n < 100 && accept_in_fresh_shim(n))
    n++;
  assert_in_range(n, 3, 99);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(receiving_with_a_hook_reports_it, free_what_is_loaded),
      cmocka_unit_test_teardown(selecting_with_a_hook_reports_it, free_what_is_loaded),
      cmocka_unit_test_teardown(starting_an_installed_provider_reports_it, free_what_is_loaded),
      cmocka_unit_test_teardown(a_connection_survives_a_failed_accept, free_what_is_loaded),
  };

  return cmocka_run_group_tests(tests, set_up, tear_down);
}
