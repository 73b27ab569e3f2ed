/* A cmocka test for the DLL of a layered service provider. Copy it into the repository of your
 * provider and add tests. It works with any provider:
 *
 *   test_lsp.exe <path of the DLL> <its provider id> [non-ifs]
 *
 * The path may be relative. The id is the ProviderId by which the provider finds its own catalog
 * entry, as 8-4-4-4-12 hexadecimal digits. Add non-ifs if the provider makes its own socket handles
 * with WPUCreateSocketHandle.
 *
 * The test installs the provider over the base provider of TCP/IP in a catalog in its own memory,
 * starts it as Winsock would, and calls its procedure table. The other end of each connection is a
 * plain socket. Link -lws2spi -lws2_32 -lrpcrt4 and cmocka. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <ws2spi_lsp.h>
#include <ws2spi_shim.h>

#include <cmocka.h>
#include <rpc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BASE_TCP = 1001, HOOK_RUNS = 3, LONG_TIME_MS = 20000, UNTOUCHED = 0x5A5A };

/* From the command line. */
static WCHAR dll_path[MAX_PATH];
static GUID provider_id;
static DWORD service_flags = XP1_IFS_HANDLES;

/* --- the catalog ---------------------------------------------------------------------- */

/* Finds the entry with this catalog id, or, if that is 0, with this ProviderId. */
static BOOL find_entry(DWORD id, const GUID *provider, WSAPROTOCOL_INFOW *found)
{
  WSAPROTOCOL_INFOW entries[32];
  DWORD bytes = sizeof entries;
  int error;
  const int count = WSCEnumProtocols(NULL, entries, &bytes, &error);

  for (int i = 0; i < count; i++) {
    if (id != 0 ? entries[i].dwCatalogEntryId == id
                : IsEqualGUID(&entries[i].ProviderId, provider)) {
      *found = entries[i];
      return TRUE;
    }
  }
  return FALSE;
}

/* Installs one entry under the provider id. *entry becomes the installed entry, with its catalog
 * id. */
static void install(const GUID *provider, WSAPROTOCOL_INFOW *entry)
{
  GUID id = *provider;
  int error = UNTOUCHED;

  assert_int_equal(WSCInstallProvider(&id, dll_path, entry, 1, &error), 0);
  assert_int_equal(error, 0);
  assert_true(find_entry(0, provider, entry));
}

static void deinstall(const GUID *provider)
{
  WSAPROTOCOL_INFOW entry;
  GUID id = *provider;
  int error = UNTOUCHED;

  assert_int_equal(WSCDeinstallProvider(&id, &error), 0);
  assert_int_equal(error, 0);
  assert_false(find_entry(0, provider, &entry));
}

/* --- the layer, installed and started, and a listening peer --------------------------- */

struct lsp {
  WSAPROTOCOL_INFOW base, dummy, chain;
  WSPPROC_TABLE table;
  SOCKET listener; /* a plain socket */
  struct sockaddr_in address;
};

static struct lsp lsp;

static void listen_on_loopback(SOCKET s, struct sockaddr_in *address)
{
  int length = sizeof *address;

  memset(address, 0, sizeof *address);
  address->sin_family = AF_INET;
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  assert_int_equal(bind(s, (struct sockaddr *)address, length), 0);
  assert_int_equal(listen(s, 4), 0);
  assert_int_equal(getsockname(s, (struct sockaddr *)address, &length), 0);
}

static int install_layer(void **state)
{
  GUID chain_id;

  (void)state;
  assert_true(find_entry(BASE_TCP, NULL, &lsp.base));
  assert_int_equal(
      Ws2SpiMakeDummyEntry(&lsp.base, L"Tested", &provider_id, service_flags, &lsp.dummy), 0);
  install(&provider_id, &lsp.dummy);
  assert_int_equal(Ws2SpiMakeChainEntry(&lsp.base, L"Tested", lsp.dummy.dwCatalogEntryId,
                                        service_flags, &lsp.chain),
                   0);
  assert_int_equal(UuidCreate(&chain_id), RPC_S_OK);
  install(&chain_id, &lsp.chain);
  return 0;
}

static int remove_layer(void **state)
{
  (void)state;
  deinstall(&lsp.chain.ProviderId);
  deinstall(&lsp.dummy.ProviderId);
  return 0;
}

/* If this fails, set WS2SPI_LOG=stderr in the environment to see the reason. */
static void start_layer(void)
{
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiStartProvider(lsp.chain.dwCatalogEntryId, &lsp.table, &error), 0);
  assert_int_equal(error, 0);
}

static void stop_layer(void)
{
  int error = UNTOUCHED;

  assert_int_equal(Ws2SpiStopProvider(lsp.chain.dwCatalogEntryId, &error), 0);
  assert_int_equal(error, 0);
}

static int set_up(void **state)
{
  install_layer(state);
  start_layer();
  lsp.listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  assert_true(lsp.listener != INVALID_SOCKET);
  listen_on_loopback(lsp.listener, &lsp.address);
  return 0;
}

static int tear_down(void **state)
{
  closesocket(lsp.listener);
  WSAUnhookBlockingHook();
  stop_layer();
  return remove_layer(state);
}

/* --- its procedures ------------------------------------------------------------------- */

static SOCKET open_socket(void)
{
  int error = UNTOUCHED;
  const SOCKET s =
      lsp.table.lpWSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, &lsp.chain, 0, 0, &error);

  assert_true(s != INVALID_SOCKET);
  return s;
}

static void close_socket(SOCKET s)
{
  int error = UNTOUCHED;

  assert_int_equal(lsp.table.lpWSPCloseSocket(s, &error), 0);
}

/* 0, or the error. */
static int send_text(SOCKET s, const char *text)
{
  WSABUF buffer = {(ULONG)strlen(text), (char *)(uintptr_t)text};
  DWORD sent = 0;
  int error = 0;

  if (lsp.table.lpWSPSend(s, &buffer, 1, &sent, 0, NULL, NULL, NULL, &error) != 0)
    return error;
  return sent == buffer.len ? 0 : -1;
}

/* 0, or the error with an empty text. */
static int receive_text(SOCKET s, char *text, ULONG size)
{
  WSABUF buffer = {size - 1, text};
  DWORD received = 0, flags = 0;
  int error = 0;
  const int result =
      lsp.table.lpWSPRecv(s, &buffer, 1, &received, &flags, NULL, NULL, NULL, &error);

  text[result == 0 ? received : 0] = 0;
  return result == 0 ? 0 : error;
}

/* A connected socket of the layer, and the plain socket at the other end. */
struct connection {
  SOCKET own, peer;
};

static struct connection connect_to_peer(void)
{
  struct connection made = {open_socket(), INVALID_SOCKET};
  int error = UNTOUCHED;

  assert_int_equal(lsp.table.lpWSPConnect(made.own, (struct sockaddr *)&lsp.address,
                                          sizeof lsp.address, NULL, NULL, NULL, NULL, &error),
                   0);
  made.peer = accept(lsp.listener, NULL, NULL);
  assert_true(made.peer != INVALID_SOCKET);
  return made;
}

static void close_connection(struct connection *connection)
{
  close_socket(connection->own);
  closesocket(connection->peer);
}

/* --- the blocking hook ---------------------------------------------------------------- */

static int hook_runs;
static void (*at_last_run)(void);
static SOCKET answering; /* the socket that answer_from_peer sends with */

/* FALSE means that there is nothing more to do for now; it does not cancel the call. */
static INT_PTR CALLBACK hook(void)
{
  if (++hook_runs == HOOK_RUNS)
    at_last_run();
  return FALSE;
}

static void set_hook(void (*action)(void))
{
  hook_runs = 0;
  at_last_run = action;
  assert_non_null(WSASetBlockingHook((FARPROC)(void (*)(void))hook));
}

static void answer_from_peer(void)
{
  send(answering, "pong", 4, 0);
}

static void cancel_here(void)
{
  WSACancelBlockingCall();
}

/* --- cancelling from another thread --------------------------------------------------- */

struct watchdog {
  DWORD thread_id;
  SOCKET peer;
  BOOL cancelled;
};

/* Tries until the thread is in a blocking operation. If it never is, data ends its wait. */
static DWORD WINAPI cancel_when_blocked(void *parameter)
{
  struct watchdog *watchdog = parameter;
  const DWORD began = GetTickCount();
  int error;

  while (!watchdog->cancelled && GetTickCount() - began < LONG_TIME_MS) {
    watchdog->cancelled = Ws2SpiCancelBlockingCall(watchdog->thread_id, &error) == 0;
    SwitchToThread();
  }
  if (!watchdog->cancelled)
    send(watchdog->peer, "late", 4, 0);
  return 0;
}

/* --- the tests ------------------------------------------------------------------------ */

static void is_installed_as_a_hidden_entry_and_a_chain(void **state)
{
  (void)state;
  assert_int_equal(lsp.dummy.ProtocolChain.ChainLen, LAYERED_PROTOCOL);
  assert_int_equal(lsp.dummy.dwProviderFlags & PFL_HIDDEN, PFL_HIDDEN);
  assert_int_equal(lsp.chain.ProtocolChain.ChainLen, 2);
  assert_int_equal(lsp.chain.ProtocolChain.ChainEntries[0], lsp.dummy.dwCatalogEntryId);
  assert_int_equal(lsp.chain.ProtocolChain.ChainEntries[1], BASE_TCP);
}

static void starts_again_after_a_stop(void **state)
{
  (void)state;
  start_layer();
  stop_layer();
  start_layer();
  stop_layer();
}

static void carries_data_both_ways(void **state)
{
  struct connection c = connect_to_peer();
  char text[16];

  (void)state;
  assert_int_equal(send_text(c.own, "ping"), 0);
  assert_int_equal(recv(c.peer, text, sizeof text, 0), 4);
  assert_memory_equal(text, "ping", 4);
  assert_int_equal(send(c.peer, "pong", 4, 0), 4);
  assert_int_equal(receive_text(c.own, text, sizeof text), 0);
  assert_string_equal(text, "pong");
  close_connection(&c);
}

static void reports_the_end_of_the_stream(void **state)
{
  struct connection c = connect_to_peer();
  char text[16];

  (void)state;
  assert_int_equal(shutdown(c.peer, SD_SEND), 0);
  assert_int_equal(receive_text(c.own, text, sizeof text), 0);
  assert_string_equal(text, "");
  close_connection(&c);
}

static void accepts_connections(void **state)
{
  const SOCKET listener = open_socket();
  const SOCKET peer = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  struct sockaddr_in address = lsp.address;
  int length = sizeof address, error = UNTOUCHED;
  char text[16];
  SOCKET accepted;

  (void)state;
  address.sin_port = 0;
  assert_int_equal(lsp.table.lpWSPBind(listener, (struct sockaddr *)&address, length, &error), 0);
  assert_int_equal(lsp.table.lpWSPListen(listener, 1, &error), 0);
  assert_int_equal(
      lsp.table.lpWSPGetSockName(listener, (struct sockaddr *)&address, &length, &error), 0);
  assert_int_equal(connect(peer, (struct sockaddr *)&address, length), 0);
  accepted = lsp.table.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error);
  assert_true(accepted != INVALID_SOCKET);
  assert_int_equal(send(peer, "ping", 4, 0), 4);
  assert_int_equal(receive_text(accepted, text, sizeof text), 0);
  assert_string_equal(text, "ping");
  close_socket(accepted);
  close_socket(listener);
  closesocket(peer);
}

static void refuses_a_port_that_nobody_listens_on(void **state)
{
  const SOCKET s = open_socket();
  int error = UNTOUCHED;

  (void)state;
  closesocket(lsp.listener);
  assert_int_equal(lsp.table.lpWSPConnect(s, (struct sockaddr *)&lsp.address, sizeof lsp.address,
                                          NULL, NULL, NULL, NULL, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAECONNREFUSED);
  close_socket(s);
}

static void runs_the_hook_while_a_receive_waits(void **state)
{
  struct connection c = connect_to_peer();
  char text[16];

  (void)state;
  answering = c.peer;
  set_hook(answer_from_peer);
  assert_int_equal(receive_text(c.own, text, sizeof text), 0);
  assert_string_equal(text, "pong");
  assert_true(hook_runs >= HOOK_RUNS);
  close_connection(&c);
}

/* After a cancelled call, close is the only operation that a socket must still support. */
static void receive_ends_when_the_hook_cancels(void **state)
{
  struct connection c = connect_to_peer();
  char text[16];

  (void)state;
  set_hook(cancel_here);
  assert_int_equal(receive_text(c.own, text, sizeof text), WSAEINTR);
  assert_int_equal(hook_runs, HOOK_RUNS);
  close_connection(&c);
}

static void receive_ends_when_another_thread_cancels(void **state)
{
  struct connection c = connect_to_peer();
  struct watchdog watchdog = {GetCurrentThreadId(), c.peer, FALSE};
  char text[16];
  HANDLE thread = CreateThread(NULL, 0, cancel_when_blocked, &watchdog, 0, NULL);
  int error;

  (void)state;
  assert_non_null(thread);
  error = receive_text(c.own, text, sizeof text);
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
  assert_true(watchdog.cancelled);
  assert_int_equal(error, WSAEINTR);
  close_connection(&c);
}

static void refuses_a_closed_socket(void **state)
{
  struct connection c = connect_to_peer();
  char text[16];

  (void)state;
  close_connection(&c);
  assert_int_equal(receive_text(c.own, text, sizeof text), WSAENOTSOCK);
}

static void cannot_be_started_once_removed(void **state)
{
  WSPPROC_TABLE table;
  int error = UNTOUCHED;

  install_layer(state);
  remove_layer(state);
  assert_int_equal(Ws2SpiStartProvider(lsp.chain.dwCatalogEntryId, &table, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
}

/* --- the program ---------------------------------------------------------------------- */

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static int run_all(void)
{
  const struct CMUnitTest tests[] = {
      TEST(is_installed_as_a_hidden_entry_and_a_chain),
      TEST(starts_again_after_a_stop),
      TEST(carries_data_both_ways),
      TEST(reports_the_end_of_the_stream),
      TEST(accepts_connections),
      TEST(refuses_a_port_that_nobody_listens_on),
      TEST(runs_the_hook_while_a_receive_waits),
      TEST(receive_ends_when_the_hook_cancels),
      TEST(receive_ends_when_another_thread_cancels),
      TEST(refuses_a_closed_socket),
      cmocka_unit_test(cannot_be_started_once_removed),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

static BOOL read_command_line(int count, char **arguments)
{
  WCHAR path[MAX_PATH];
  DWORD length;

  if (count < 3 || count > 4 || (count == 4 && strcmp(arguments[3], "non-ifs") != 0))
    return FALSE;
  if (count == 4)
    service_flags = 0;
  if (MultiByteToWideChar(CP_ACP, 0, arguments[1], -1, path, MAX_PATH) == 0)
    return FALSE;
  length = GetFullPathNameW(path, MAX_PATH, dll_path, NULL);
  return length > 0 && length < MAX_PATH &&
         UuidFromStringA((RPC_CSTR)arguments[2], &provider_id) == RPC_S_OK;
}

int main(int argc, char **argv)
{
  WSADATA data;
  int failed;

  if (!read_command_line(argc, argv)) {
    fprintf(stderr, "usage: test_lsp <path of the DLL> <its provider id> [non-ifs]\n");
    return 2;
  }
  /* Blocking hooks belong to Winsock 1.1: a process that requests only 2.x may not use them. */
  if (WSAStartup(MAKEWORD(1, 1), &data) != 0)
    return 2;
  /* This test leaves nothing behind, whatever WS2SPI_CATALOG says. */
  if (Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &failed) != 0)
    return 2;
  failed = run_all();
  WSACleanup();
  return failed;
}
