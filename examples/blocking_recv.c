/* Three blocking receives through a layered provider, on a thread with a blocking hook. The first
 * receives data, the second is cancelled by the hook, the third by another thread.
 *
 * Link -lws2spi before -lws2_32: both have the hook functions, WSAStartup and the WSC functions,
 * and those of ws2spi are needed. */
#include <ws2spi_shim.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "installing.h"
#include "layered_provider.h"

enum { TICKS = 3, WORD_BITS = 8 * sizeof(void *) };

static const GUID chain_id = {
    0x5b7c1f3f, 0x0c8a, 0x4d52, {0x9e, 0x61, 0x2f, 0x84, 0xd0, 0x17, 0xa3, 0xc6}};

static const struct layer layer = {
    .file = L"layered_provider.dll",
    .name = L"Example Layer",
    .id = &layered_provider_id,
    .chain_id = &chain_id,
    .has_ifs_handles = TRUE,
};

static const char greeting[] = "hello";

/* --- the peer, on sockets of the system's Winsock ------------------------------------- */

static HANDLE may_answer;

/* Serves one client after the other: receives some data, waits for may_answer and sends the data
 * back. */
static DWORD WINAPI echo(void *argument)
{
  const SOCKET listener = *(const SOCKET *)argument;
  SOCKET client;

  while ((client = accept(listener, NULL, NULL)) != INVALID_SOCKET) {
    char data[64];
    const int length = recv(client, data, sizeof data, 0);

    if (length > 0) {
      WaitForSingleObject(may_answer, INFINITE);
      send(client, data, length, 0);
    }
    closesocket(client);
  }
  return 0;
}

static SOCKET start_peer(struct sockaddr_in *address)
{
  static SOCKET listener;
  int length = sizeof *address;

  may_answer = CreateEventW(NULL, FALSE, FALSE, NULL);
  listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  memset(address, 0, sizeof *address);
  address->sin_family = AF_INET;
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  require(bind(listener, (struct sockaddr *)address, sizeof *address) == 0 &&
              listen(listener, 4) == 0 &&
              getsockname(listener, (struct sockaddr *)address, &length) == 0,
          "cannot listen on the loopback address", NULL);
  CloseHandle(CreateThread(NULL, 0, echo, &listener, 0, NULL));
  return listener;
}

/* --- the hook ------------------------------------------------------------------------- */

static int ticks;
static void (*at_last_tick)(void);

/* Winsock calls it repeatedly while the receive waits. FALSE means that there is nothing more to do
 * for now; it does not cancel the call. */
static INT_PTR CALLBACK tick(void)
{
  if (++ticks <= TICKS)
    printf("  tick %d\n", ticks);
  if (ticks == TICKS)
    at_last_tick();
  return FALSE;
}

static void let_peer_answer(void)
{
  SetEvent(may_answer);
}

static void cancel_here(void)
{
  WSACancelBlockingCall();
}

static HANDLE may_cancel;

static void let_watchdog_cancel(void)
{
  SetEvent(may_cancel);
}

static DWORD WINAPI watchdog(void *thread_to_cancel)
{
  int error;

  WaitForSingleObject(may_cancel, INFINITE);
  Ws2SpiCancelBlockingCall(*(const DWORD *)thread_to_cancel, &error);
  return 0;
}

/* --- the three receives --------------------------------------------------------------- */

struct client {
  WSPPROC_TABLE table;
  WSAPROTOCOL_INFOW info;
  struct sockaddr_in peer;
};

static SOCKET open_connection(struct client *client)
{
  int error;
  const SOCKET s =
      client->table.lpWSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, &client->info, 0, 0, &error);

  require(s != INVALID_SOCKET, "WSPSocket", &error);
  require(client->table.lpWSPConnect(s, (struct sockaddr *)&client->peer, sizeof client->peer, NULL,
                                     NULL, NULL, NULL, &error) == 0,
          "WSPConnect", &error);
  return s;
}

static void send_greeting(struct client *client, SOCKET s)
{
  WSABUF buffer = {sizeof greeting - 1, (char *)(ULONG_PTR)greeting};
  DWORD sent;
  int error;

  require(client->table.lpWSPSend(s, &buffer, 1, &sent, 0, NULL, NULL, NULL, &error) == 0,
          "WSPSend", &error);
}

/* Returns 0 or the error. */
static int receive(struct client *client, SOCKET s, char *text, DWORD size)
{
  WSABUF buffer = {size - 1, text};
  DWORD received = 0, flags = 0;
  int error = 0;
  const int result =
      client->table.lpWSPRecv(s, &buffer, 1, &received, &flags, NULL, NULL, NULL, &error);

  text[result == 0 ? received : 0] = '\0';
  return result == 0 ? 0 : error;
}

static int receive_with_ticks(struct client *client, SOCKET s, char *text, DWORD size,
                              void (*action)(void))
{
  int error;

  ticks = 0;
  at_last_tick = action;
  WSASetBlockingHook((FARPROC)(void (*)(void))tick);
  error = receive(client, s, text, size);
  WSAUnhookBlockingHook();
  return error;
}

static BOOL report(int error, const char *text, int expected_error, const char *expected_text)
{
  if (error == 0)
    printf("  recv returned \"%s\"\n", text);
  else
    printf("  recv failed with error %d%s\n", error, error == WSAEINTR ? ", WSAEINTR" : "");
  return error == expected_error && strcmp(text, expected_text) == 0;
}

static BOOL run_one(struct client *client, const char *title, void (*action)(void),
                    int expected_error, const char *expected_text)
{
  char text[64];
  int error, ignored;
  SOCKET s;

  printf("%s\n", title);
  s = open_connection(client);
  if (expected_error == 0)
    send_greeting(client, s);
  error = receive_with_ticks(client, s, text, sizeof text, action);
  client->table.lpWSPCloseSocket(s, &ignored);
  return report(error, text, expected_error, expected_text);
}

static BOOL run_all(struct client *client)
{
  DWORD self = GetCurrentThreadId();
  HANDLE other;
  BOOL good;

  good = run_one(client, "Blocking receive, completed by data", let_peer_answer, 0, greeting);
  good &= run_one(client, "Blocking receive, cancelled by the hook", cancel_here, WSAEINTR, "");
  may_cancel = CreateEventW(NULL, FALSE, FALSE, NULL);
  other = CreateThread(NULL, 0, watchdog, &self, 0, NULL);
  good &= run_one(client, "Blocking receive, cancelled by another thread", let_watchdog_cancel,
                  WSAEINTR, "");
  WaitForSingleObject(other, INFINITE);
  CloseHandle(other);
  CloseHandle(may_cancel);
  return good;
}

/* --- the program ---------------------------------------------------------------------- */

int main(void)
{
  struct client client;
  WSADATA data;
  SOCKET listener;
  int error;
  BOOL good;

  printf("%d-bit program\n", WORD_BITS);
  /* Blocking hooks belong to Winsock 1.1. A process may use them if one of its WSAStartup calls
   * requests version 1.1. */
  error = WSAStartup(MAKEWORD(1, 1), &data);
  require(error == 0, "WSAStartup", &error);
  client.info = install_layer(&layer);
  require(Ws2SpiStartProvider(client.info.dwCatalogEntryId, &client.table, &error) == 0,
          "Ws2SpiStartProvider", &error);
  listener = start_peer(&client.peer);

  good = run_all(&client);

  closesocket(listener);
  require(Ws2SpiStopProvider(client.info.dwCatalogEntryId, &error) == 0, "Ws2SpiStopProvider",
          &error);
  deinstall_layer(&layer);
  require(WSACleanup() == 0, "WSACleanup", NULL);
  printf(good ? "All three receives ended as expected\n" : "A receive did not end as expected\n");
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
