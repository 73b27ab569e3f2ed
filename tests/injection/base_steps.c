#include "injection/base_steps.h"

#include "injection/injection.h"
#include "injection/plain_provider.h"
#include "injection/sweep.h"

WSPPROC_TABLE base_table;
const struct shim *base_shim;

static SOCKET listener = INVALID_SOCKET;
static struct sockaddr_in listener_address;

int first_error(int one, int other)
{
  return one != 0 ? one : other;
}

int with_base(const struct shim *shim, int (*body)(void))
{
  int error = 0;

  base_shim = shim;
  if (CALL(shim, Ws2SpiStartProvider)(TCP_ENTRY, &base_table, &error) != 0)
    return report_error(error);
  error = body();
  return first_error(error, stop_provider(shim, TCP_ENTRY));
}

/* --- over upcalls of our own -------------------------------------------------------------- */

static WSPUPCALLTABLE shims_upcalls;

static int fail_upcall(LPINT error)
{
  *error = WSAENETDOWN;
  return SOCKET_ERROR;
}

static int WSPAPI query_blocking_callback(DWORD id, LPBLOCKINGCALLBACK *callback,
                                          PDWORD_PTR context, LPINT error)
{
  if (injection_is_due("upcall WPUQueryBlockingCallback"))
    return fail_upcall(error);
  return shims_upcalls.lpWPUQueryBlockingCallback(id, callback, context, error);
}

static SOCKET WSPAPI modify_ifs_handle(DWORD id, SOCKET handle, LPINT error)
{
  if (injection_is_due("upcall WPUModifyIFSHandle")) {
    fail_upcall(error);
    return INVALID_SOCKET;
  }
  return shims_upcalls.lpWPUModifyIFSHandle(id, handle, error);
}

static int WSPAPI queue_apc(LPWSATHREADID thread, LPWSAUSERAPC apc, DWORD_PTR context, LPINT error)
{
  if (injection_is_due("upcall WPUQueueApc"))
    return fail_upcall(error);
  return shims_upcalls.lpWPUQueueApc(thread, apc, context, error);
}

static int start_over_our_upcalls(const struct shim *shim)
{
  WSAPROTOCOL_INFOW entries[16];
  DWORD bytes = sizeof entries;
  WSPUPCALLTABLE upcalls;
  WSPDATA data;
  int error = 0;

  if (CALL(shim, WSCEnumProtocols)(NULL, entries, &bytes, &error) == SOCKET_ERROR ||
      CALL(shim, Ws2SpiGetUpcallTable)(&shims_upcalls, &error) != 0)
    return report_error(error);
  upcalls = shims_upcalls;
  upcalls.lpWPUQueryBlockingCallback = query_blocking_callback;
  upcalls.lpWPUModifyIFSHandle = modify_ifs_handle;
  upcalls.lpWPUQueueApc = queue_apc;
  error = CALL(shim, WSPStartup)(MAKEWORD(2, 2), &data, &entries[0], upcalls, &base_table);
  return error == 0 ? 0 : report_error(error);
}

int with_base_over_our_upcalls(const struct shim *shim, int (*body)(void))
{
  int error = start_over_our_upcalls(shim), ignored;

  if (error != 0)
    return error;
  base_shim = shim;
  error = body();
  return BASE(WSPCleanup)(&ignored) == 0 ? error : first_error(error, report_error(ignored));
}

/* --- with a hook -------------------------------------------------------------------------- */

/* The hook is set first. Otherwise a call could find no memory for its thread after its operation
 * has started, and perhaps succeeded. */
static int around(const struct shim *shim, FARPROC hook,
                  int (*with)(const struct shim *shim, int (*body)(void)), int (*body)(void))
{
  int error;

  if (CALL(shim, WSASetBlockingHook)(hook) == NULL)
    return report_error((int)GetLastError());
  error = with(shim, body);
  if (CALL(shim, WSAUnhookBlockingHook)() != 0)
    return WSABASEERR;
  return error;
}

int with_hook(const struct shim *shim, FARPROC hook, int (*body)(void))
{
  return around(shim, hook, with_base, body);
}

int with_hook_over_our_upcalls(const struct shim *shim, FARPROC hook, int (*body)(void))
{
  return around(shim, hook, with_base_over_our_upcalls, body);
}

/* --- sockets ------------------------------------------------------------------------------ */

int open_peer(void)
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

int close_peer(void)
{
  return closesocket(listener);
}

const struct sockaddr_in *peer_address(void)
{
  return &listener_address;
}

/* The socket is closed even if the close reports a failure. */
int close_base_socket(SOCKET s)
{
  int error = 0;

  return BASE(WSPCloseSocket)(s, &error) == 0 ? 0 : report_error(error);
}

static int new_socket(int type, SOCKET *s)
{
  int error = 0;

  *s = BASE(WSPSocket)(AF_INET, type, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
  return *s == INVALID_SOCKET ? report_error(error) : 0;
}

/* A connect that failed may still be in the listener's queue, where the next accept would find
 * it. */
static void accept_what_is_left(void)
{
  fd_set waiting = {1, {listener}};
  struct timeval at_once = {0, 0};

  while (select(0, &waiting, NULL, NULL, &at_once) == 1)
    closesocket(accept(listener, NULL, NULL));
}

int with_connection(int (*body)(const struct connection *connection))
{
  struct connection connection;
  int error = new_socket(SOCK_STREAM, &connection.s);

  if (error != 0)
    return error;
  if (BASE(WSPConnect)(connection.s, (const struct sockaddr *)&listener_address,
                       sizeof listener_address, NULL, NULL, NULL, NULL, &error) == 0) {
    connection.peer = accept(listener, NULL, NULL);
    error = body(&connection);
    closesocket(connection.peer);
  } else {
    error = report_error(error);
  }
  error = first_error(error, close_base_socket(connection.s));
  accept_what_is_left();
  return error;
}

int with_socket(int type, int (*body)(SOCKET s))
{
  struct sockaddr_in address = listener_address;
  SOCKET s;
  int error = new_socket(type, &s);

  if (error != 0)
    return error;
  address.sin_port = 0;
  if (BASE(WSPBind)(s, (struct sockaddr *)&address, sizeof address, &error) == 0)
    error = body(s);
  else
    error = report_error(error);
  return first_error(error, close_base_socket(s));
}
