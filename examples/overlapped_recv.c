/* Four overlapped receives through a layer that has socket handles of its own. The layer notifies
 * the program by event, by completion routine and by completion port; the last receive is aborted
 * by a close. */
#include <ws2spi_shim.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "installing.h"

/* The layer finds its catalog entry by its path, so any ids will do. */
static const GUID layer_id = {
    0x5b7c1f40, 0x0c8a, 0x4d52, {0x9e, 0x61, 0x2f, 0x84, 0xd0, 0x17, 0xa3, 0xc6}};
static const GUID chain_id = {
    0x5b7c1f41, 0x0c8a, 0x4d52, {0x9e, 0x61, 0x2f, 0x84, 0xd0, 0x17, 0xa3, 0xc6}};

static const struct layer layer = {
    .file = L"nonifs_provider.dll",
    .name = L"Example Layer with handles",
    .id = &layer_id,
    .chain_id = &chain_id,
    .has_ifs_handles = FALSE,
};

static WSPPROC_TABLE table;

/* --- a connection: one socket of the layer, one of the system ------------------------- */

struct connection {
  SOCKET s;
  SOCKET peer;
};

static SOCKET listen_on_loopback(struct sockaddr_in *address)
{
  const SOCKET listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  int length = sizeof *address;

  memset(address, 0, sizeof *address);
  address->sin_family = AF_INET;
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  require(bind(listener, (struct sockaddr *)address, sizeof *address) == 0 &&
              listen(listener, 1) == 0 &&
              getsockname(listener, (struct sockaddr *)address, &length) == 0,
          "cannot listen on the loopback address", NULL);
  return listener;
}

static struct connection connect_through(WSAPROTOCOL_INFOW *info)
{
  struct connection connection;
  struct sockaddr_in address;
  const SOCKET listener = listen_on_loopback(&address);
  int error;

  connection.s =
      table.lpWSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, info, 0, WSA_FLAG_OVERLAPPED, &error);
  require(connection.s != INVALID_SOCKET, "WSPSocket", &error);
  require(table.lpWSPConnect(connection.s, (struct sockaddr *)&address, sizeof address, NULL, NULL,
                             NULL, NULL, &error) == 0,
          "WSPConnect", &error);
  connection.peer = accept(listener, NULL, NULL);
  closesocket(listener);
  return connection;
}

/* --- the receives --------------------------------------------------------------------- */

static WSAOVERLAPPED overlapped;
static char text[16];

static void start(SOCKET s, HANDLE event, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  WSABUF buffer = {sizeof text - 1, text};
  DWORD received, flags = 0;
  int error;

  memset(text, 0, sizeof text);
  memset(&overlapped, 0, sizeof overlapped);
  overlapped.hEvent = event;
  require(table.lpWSPRecv(s, &buffer, 1, &received, &flags, &overlapped, routine, NULL, &error) !=
                  0 &&
              error == WSA_IO_PENDING,
          "WSPRecv", &error);
}

static BOOL report(DWORD bytes)
{
  printf("  %lu bytes: \"%s\"\n", bytes, text);
  return bytes == 5 && strcmp(text, "hello") == 0;
}

static BOOL by_event(const struct connection *connection)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  DWORD bytes = 0, flags;
  int error;

  printf("Overlapped receive, completion by event\n");
  start(connection->s, event, NULL);
  send(connection->peer, "hello", 5, 0);
  require(table.lpWSPGetOverlappedResult(connection->s, &overlapped, &bytes, TRUE, &flags, &error),
          "WSPGetOverlappedResult", &error);
  CloseHandle(event);
  return report(bytes);
}

static DWORD routine_bytes, routine_error;
static BOOL routine_ran;

static void CALLBACK routine(DWORD error, DWORD bytes, LPWSAOVERLAPPED which, DWORD flags)
{
  (void)which, (void)flags;
  routine_ran = TRUE;
  routine_bytes = bytes;
  routine_error = error;
}

static void wait_for_routine(void)
{
  for (routine_ran = FALSE; !routine_ran;)
    SleepEx(INFINITE, TRUE);
}

static BOOL by_routine(const struct connection *connection)
{
  printf("Overlapped receive, completion by routine\n");
  start(connection->s, NULL, routine);
  send(connection->peer, "hello", 5, 0);
  wait_for_routine();
  return report(routine_bytes);
}

/* The socket cannot be removed from the port again, so this is the last receive before the close.
 * */
static BOOL by_port(const struct connection *connection)
{
  const HANDLE port = CreateIoCompletionPort((HANDLE)connection->s, NULL, 1, 0);
  LPOVERLAPPED which;
  ULONG_PTR key;
  DWORD bytes = 0;

  require(port != NULL, "CreateIoCompletionPort", NULL);
  printf("Overlapped receive, completion by port\n");
  start(connection->s, NULL, NULL);
  send(connection->peer, "hello", 5, 0);
  GetQueuedCompletionStatus(port, &bytes, &key, &which, INFINITE);
  CloseHandle(port);
  return report(bytes);
}

static BOOL by_close(const struct connection *connection)
{
  int error;

  printf("Overlapped receive, aborted by WSPCloseSocket\n");
  start(connection->s, NULL, routine);
  require(table.lpWSPCloseSocket(connection->s, &error) == 0, "WSPCloseSocket", &error);
  wait_for_routine();
  printf("  error %lu%s\n", routine_error,
         routine_error == WSA_OPERATION_ABORTED ? ", WSA_OPERATION_ABORTED" : "");
  return routine_error == WSA_OPERATION_ABORTED;
}

int main(void)
{
  WSAPROTOCOL_INFOW info;
  struct connection connection;
  WSADATA data;
  int error;
  BOOL good;

  error = WSAStartup(MAKEWORD(2, 2), &data);
  require(error == 0, "WSAStartup", &error);
  info = install_layer(&layer);
  require(Ws2SpiStartProvider(info.dwCatalogEntryId, &table, &error) == 0, "Ws2SpiStartProvider",
          &error);
  connection = connect_through(&info);

  good = by_event(&connection);
  good &= by_routine(&connection);
  good &= by_port(&connection);
  good &= by_close(&connection);

  closesocket(connection.peer);
  require(Ws2SpiStopProvider(info.dwCatalogEntryId, &error) == 0, "Ws2SpiStopProvider", &error);
  deinstall_layer(&layer);
  require(WSACleanup() == 0, "WSACleanup", NULL);
  printf(good ? "All four receives ended as expected\n" : "A receive did not end as expected\n");
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
