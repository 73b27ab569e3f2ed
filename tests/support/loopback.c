#include "support/cmocka_headers.h"

#include "support/loopback.h"

#include <string.h>

WSPPROC_TABLE base;

int start_base(void **state)
{
  int error;

  return Ws2SpiStartProvider(TCP_ENTRY, &base, &error);
}

int stop_base(void **state)
{
  int error;

  return Ws2SpiStopProvider(TCP_ENTRY, &error);
}

/* --- sockets ----------------------------------------------------------------------- */

SOCKET new_socket(int family, int type)
{
  int error = UNTOUCHED;
  const SOCKET s = base.lpWSPSocket(family, type, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);

  assert_int_equal(error, 0);
  assert_true(s != INVALID_SOCKET);
  return s;
}

static int loopback_address(int family, SOCKADDR_STORAGE *address)
{
  memset(address, 0, sizeof *address);
  address->ss_family = (short)family;
  if (family == AF_INET) {
    ((struct sockaddr_in *)address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof(struct sockaddr_in);
  }
  ((struct sockaddr_in6 *)address)->sin6_addr.s6_addr[15] = 1;
  return sizeof(struct sockaddr_in6);
}

SOCKET new_bound(int family, int type, SOCKADDR_STORAGE *address, int *length)
{
  const SOCKET s = new_socket(family, type);
  int error = UNTOUCHED;

  *length = loopback_address(family, address);
  assert_int_equal(base.lpWSPBind(s, (struct sockaddr *)address, *length, &error), 0);
  assert_int_equal(base.lpWSPGetSockName(s, (struct sockaddr *)address, length, &error), 0);
  return s;
}

SOCKET new_listener(SOCKADDR_STORAGE *address, int *length)
{
  const SOCKET s = new_bound(AF_INET, SOCK_STREAM, address, length);
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPListen(s, SOMAXCONN, &error), 0);
  return s;
}

/* One connection is accepted beyond the backlog; further ones get no reply at all. */
SOCKET new_full_listener(SOCKADDR_STORAGE *address, int *length, SOCKET filling[FILLING])
{
  const SOCKET s = new_bound(AF_INET, SOCK_STREAM, address, length);
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPListen(s, 1, &error), 0);
  for (int i = 0; i < FILLING; i++) {
    filling[i] = new_socket(AF_INET, SOCK_STREAM);
    assert_int_equal(set_nonblocking(filling[i], 1, &error), 0);
    base.lpWSPConnect(filling[i], (struct sockaddr *)address, *length, NULL, NULL, NULL, NULL,
                      &error);
  }
  return s;
}

void new_pair(SOCKET pair[2])
{
  SOCKADDR_STORAGE address;
  int length;
  const SOCKET listener = new_listener(&address, &length);
  int error = UNTOUCHED;

  pair[0] = new_socket(AF_INET, SOCK_STREAM);
  assert_int_equal(base.lpWSPConnect(pair[0], (struct sockaddr *)&address, length, NULL, NULL, NULL,
                                     NULL, &error),
                   0);
  pair[1] = base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error);
  assert_true(pair[1] != INVALID_SOCKET);
  close_socket(listener);
}

void close_socket(SOCKET s)
{
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPCloseSocket(s, &error), 0);
  assert_int_equal(error, 0);
}

void close_pair(SOCKET pair[2])
{
  close_socket(pair[0]);
  close_socket(pair[1]);
}

/* --- procedures ------------------------------------------------------------------------ */

int receive_flags(SOCKET s, char *buffer, ULONG size, DWORD flags, int *error)
{
  WSABUF list = {size, buffer};
  DWORD received = UNTOUCHED;

  *error = UNTOUCHED;
  if (base.lpWSPRecv(s, &list, 1, &received, &flags, NULL, NULL, NULL, error) != 0)
    return SOCKET_ERROR;
  return (int)received;
}

int receive(SOCKET s, char *buffer, ULONG size, int *error)
{
  return receive_flags(s, buffer, size, 0, error);
}

int transmit(SOCKET s, const char *data, ULONG size, int *error)
{
  WSABUF list = {size, (char *)(ULONG_PTR)data};
  DWORD sent = UNTOUCHED;

  *error = UNTOUCHED;
  if (base.lpWSPSend(s, &list, 1, &sent, 0, NULL, NULL, NULL, error) != 0)
    return SOCKET_ERROR;
  return (int)sent;
}

void fill(SOCKET s)
{
  static char data[65536];
  int error;

  assert_int_equal(set_nonblocking(s, 1, &error), 0);
  while (transmit(s, data, sizeof data, &error) > 0)
    continue;
  assert_int_equal(error, WSAEWOULDBLOCK);
  assert_int_equal(set_nonblocking(s, 0, &error), 0);
}

void set_linger(SOCKET s, u_short on, u_short seconds)
{
  const struct linger linger = {on, seconds};
  int error;

  assert_int_equal(
      base.lpWSPSetSockOpt(s, SOL_SOCKET, SO_LINGER, (const char *)&linger, sizeof linger, &error),
      0);
}

int system_close_lingers(void)
{
  SOCKET pair[2];
  ULONGLONG began;
  int lingers;

  new_pair(pair);
  fill(pair[0]);
  set_linger(pair[0], 1, 1);
  began = GetTickCount64();
  assert_int_equal(closesocket(pair[0]), 0);
  lingers = GetTickCount64() - began >= 900;
  close_socket(pair[1]);
  if (!lingers)
    print_message("the system's closesocket does not linger here, so no lingering close waits\n");
  return lingers;
}

void must_send(SOCKET s, const char *text)
{
  int error;

  assert_int_equal(transmit(s, text, (ULONG)strlen(text), &error), strlen(text));
  assert_int_equal(error, 0);
}

int set_nonblocking(SOCKET s, u_long value, int *error)
{
  DWORD returned;

  *error = UNTOUCHED;
  return base.lpWSPIoctl(s, (DWORD)FIONBIO, &value, sizeof value, NULL, 0, &returned, NULL, NULL,
                         NULL, error);
}

void set_timeout(SOCKET s, int option, DWORD milliseconds)
{
  int error;

  assert_int_equal(base.lpWSPSetSockOpt(s, SOL_SOCKET, option, (char *)&milliseconds,
                                        sizeof milliseconds, &error),
                   0);
}

int receive_the_rest(SOCKET s, int *error)
{
  static char data[65536];
  int got = 1;
  int mode_error;

  assert_int_equal(set_nonblocking(s, 1, &mode_error), 0);
  for (int quiet = 0; quiet < 20 && got != 0; quiet++) {
    while ((got = receive(s, data, sizeof data, error)) > 0)
      quiet = 0;
    if (*error == WSAEWOULDBLOCK)
      Sleep(1);
  }
  return got;
}

/* --- the hook ---------------------------------------------------------------------------- */

static volatile LONG runs;
static LONG act_at;
static void (*act_then)(void *);
static void *act_parameter;

static BOOL CALLBACK hook(void)
{
  if (InterlockedIncrement(&runs) == act_at && act_then != NULL)
    act_then(act_parameter);
  return FALSE;
}

void install_hook(LONG at, void (*act)(void *), void *parameter)
{
  runs = 0;
  act_at = at;
  act_then = act;
  act_parameter = parameter;
  assert_non_null(WSASetBlockingHook((FARPROC)hook));
}

LONG remove_hook(void)
{
  assert_int_equal(WSAUnhookBlockingHook(), 0);
  return runs;
}

LONG hook_runs_so_far(void)
{
  return runs;
}

void cancel_here(void *unused)
{
  (void)unused;
  WSACancelBlockingCall();
}

/* Sent by the system's socket, because inside a hook the provider would refuse it. */
void send_text(void *socket)
{
  send(*(SOCKET *)socket, "x", 1, 0);
}

/* --- threads ------------------------------------------------------------------------------- */

HANDLE start_thread(LPTHREAD_START_ROUTINE work, void *parameter, DWORD *id)
{
  const HANDLE thread = CreateThread(NULL, 0, work, parameter, 0, id);

  assert_non_null(thread);
  return thread;
}

void join_thread(HANDLE thread)
{
  assert_int_equal(WaitForSingleObject(thread, LONG_TIME), WAIT_OBJECT_0);
  CloseHandle(thread);
}

int cancel_thread(DWORD id)
{
  for (int tries = 0; tries < LONG_TIME; tries++) {
    int error;

    if (Ws2SpiCancelBlockingCall(id, &error) == 0)
      return 1;
    Sleep(1);
  }
  return 0;
}
