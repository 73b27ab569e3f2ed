#include "support/fake_provider.h"

#include <string.h>

struct fake_provider fake_provider = {.version = MAKEWORD(2, 2), .missing = -1};

/* --- the procedures -------------------------------------------------------------- */

static intptr_t called(enum fake_procedure procedure, int *lpErrno, const uintptr_t *argument,
                       size_t size)
{
  struct fake_call *call = &fake_provider.call[procedure];

  memcpy(call->argument, argument, size);
  InterlockedIncrement(&call->count);
  if (lpErrno != NULL)
    *lpErrno = call->error;
  return call->result;
}

#define A(argument) ((uintptr_t)(argument))
#define CALLED(name, ...)                                                                          \
  called(FAKE_##name, lpErrno, (const uintptr_t[]){__VA_ARGS__},                                   \
         sizeof(const uintptr_t[]){__VA_ARGS__})
#define FAKE(type, name, parameters, ...)                                                          \
  static type WSPAPI fake_##name parameters                                                        \
  {                                                                                                \
    return (type)CALLED(name, __VA_ARGS__);                                                        \
  }

FAKE(SOCKET, Accept,
     (SOCKET s, struct sockaddr *addr, LPINT addrlen, LPCONDITIONPROC condition, DWORD_PTR data,
      LPINT lpErrno),
     A(s), A(addr), A(addrlen), A(condition), A(data))
FAKE(INT, AddressToString,
     (LPSOCKADDR address, DWORD length, LPWSAPROTOCOL_INFOW info, LPWSTR string, LPDWORD chars,
      LPINT lpErrno),
     A(address), A(length), A(info), A(string), A(chars))
FAKE(int, AsyncSelect, (SOCKET s, HWND window, unsigned int message, long events, LPINT lpErrno),
     A(s), A(window), A(message), A(events))
FAKE(int, Bind, (SOCKET s, const struct sockaddr *name, int namelen, LPINT lpErrno), A(s), A(name),
     A(namelen))
FAKE(int, CloseSocket, (SOCKET s, LPINT lpErrno), A(s))
FAKE(int, Connect,
     (SOCKET s, const struct sockaddr *name, int namelen, LPWSABUF caller, LPWSABUF callee,
      LPQOS sqos, LPQOS gqos, LPINT lpErrno),
     A(s), A(name), A(namelen), A(caller), A(callee), A(sqos), A(gqos))
FAKE(int, DuplicateSocket, (SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW info, LPINT lpErrno), A(s),
     A(process), A(info))
FAKE(int, EnumNetworkEvents, (SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS events, LPINT lpErrno),
     A(s), A(event), A(events))
FAKE(int, EventSelect, (SOCKET s, WSAEVENT event, long events, LPINT lpErrno), A(s), A(event),
     A(events))
FAKE(WINBOOL, GetOverlappedResult,
     (SOCKET s, LPWSAOVERLAPPED overlapped, LPDWORD bytes, WINBOOL wait, LPDWORD flags,
      LPINT lpErrno),
     A(s), A(overlapped), A(bytes), A(wait), A(flags))
FAKE(int, GetPeerName, (SOCKET s, struct sockaddr *name, LPINT namelen, LPINT lpErrno), A(s),
     A(name), A(namelen))
FAKE(int, GetSockName, (SOCKET s, struct sockaddr *name, LPINT namelen, LPINT lpErrno), A(s),
     A(name), A(namelen))
FAKE(int, GetSockOpt, (SOCKET s, int level, int option, char *value, LPINT length, LPINT lpErrno),
     A(s), A(level), A(option), A(value), A(length))
FAKE(WINBOOL, GetQOSByName, (SOCKET s, LPWSABUF name, LPQOS qos, LPINT lpErrno), A(s), A(name),
     A(qos))
FAKE(int, Ioctl,
     (SOCKET s, DWORD code, LPVOID in, DWORD in_bytes, LPVOID out, DWORD out_bytes,
      LPDWORD returned, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
      LPWSATHREADID thread, LPINT lpErrno),
     A(s), A(code), A(in), A(in_bytes), A(out), A(out_bytes), A(returned), A(overlapped),
     A(routine), A(thread))
FAKE(SOCKET, JoinLeaf,
     (SOCKET s, const struct sockaddr *name, int namelen, LPWSABUF caller, LPWSABUF callee,
      LPQOS sqos, LPQOS gqos, DWORD flags, LPINT lpErrno),
     A(s), A(name), A(namelen), A(caller), A(callee), A(sqos), A(gqos), A(flags))
FAKE(int, Listen, (SOCKET s, int backlog, LPINT lpErrno), A(s), A(backlog))
FAKE(int, RecvDisconnect, (SOCKET s, LPWSABUF data, LPINT lpErrno), A(s), A(data))
FAKE(int, RecvFrom,
     (SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags, struct sockaddr *from,
      LPINT fromlen, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
      LPWSATHREADID thread, LPINT lpErrno),
     A(s), A(buffers), A(count), A(bytes), A(flags), A(from), A(fromlen), A(overlapped), A(routine),
     A(thread))
FAKE(int, Select,
     (int count, fd_set *reads, fd_set *writes, fd_set *excepts, WS2SPI_SELECT_TIMEVAL *timeout,
      LPINT lpErrno),
     A(count), A(reads), A(writes), A(excepts), A(timeout))
FAKE(int, Send,
     (SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags,
      LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
      LPINT lpErrno),
     A(s), A(buffers), A(count), A(bytes), A(flags), A(overlapped), A(routine), A(thread))
FAKE(int, SendDisconnect, (SOCKET s, LPWSABUF data, LPINT lpErrno), A(s), A(data))
FAKE(int, SendTo,
     (SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags,
      const struct sockaddr *to, int tolen, LPWSAOVERLAPPED overlapped,
      LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno),
     A(s), A(buffers), A(count), A(bytes), A(flags), A(to), A(tolen), A(overlapped), A(routine),
     A(thread))
FAKE(int, SetSockOpt,
     (SOCKET s, int level, int option, const char *value, int length, LPINT lpErrno), A(s),
     A(level), A(option), A(value), A(length))
FAKE(int, Shutdown, (SOCKET s, int how, LPINT lpErrno), A(s), A(how))
FAKE(SOCKET, Socket,
     (int family, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags,
      LPINT lpErrno),
     A(family), A(type), A(protocol), A(info), A(group), A(flags))
FAKE(INT, StringToAddress,
     (LPWSTR string, INT family, LPWSAPROTOCOL_INFOW info, LPSOCKADDR address, LPINT length,
      LPINT lpErrno),
     A(string), A(family), A(info), A(address), A(length))

/* --- the three procedures that do more ------------------------------------------------- */

static void pass(HANDLE gate, void (*inside)(void))
{
  if (gate != NULL)
    WaitForSingleObject(gate, 30000);
  if (inside != NULL)
    inside();
}

static int WSPAPI fake_Cleanup(LPINT lpErrno)
{
  const int result = (int)CALLED(Cleanup, 0);

  pass(fake_provider.cleanup_gate, fake_provider.in_cleanup);
  return result;
}

static int WSPAPI fake_CancelBlockingCall(LPINT lpErrno)
{
  const int result = (int)CALLED(CancelBlockingCall, 0);

  pass(NULL, fake_provider.in_cancel);
  return result;
}

/* 0 when data has arrived. The time limit ends a test that would otherwise hang. */
static int wait_for_data(void)
{
  const LPBLOCKINGCALLBACK callback = fake_provider.callback;

  for (int round = 0; !fake_provider.data_arrived; round++) {
    if (callback == NULL) {
      if (round == 30000)
        return WSAETIMEDOUT;
      Sleep(1);
      continue;
    }
    if (round == 1000000)
      return WSAETIMEDOUT;
    InterlockedIncrement(&fake_provider.callback_runs);
    if (!callback(fake_provider.callback_context))
      return fake_provider.data_arrived ? 0 : WSAEINTR;
  }
  return 0;
}

static int block(void)
{
  int error = 0;

  if (fake_provider.upcalls.lpWPUQueryBlockingCallback(
          fake_provider.info.dwCatalogEntryId, &fake_provider.callback,
          &fake_provider.callback_context, &error) != 0)
    return error;
  InterlockedExchange(&fake_provider.recv_blocked, 1);
  error = wait_for_data();
  InterlockedExchange(&fake_provider.recv_blocked, 0);
  return error;
}

static int WSPAPI fake_Recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags,
                            LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                            LPWSATHREADID thread, LPINT lpErrno)
{
  const int result = (int)CALLED(Recv, A(s), A(buffers), A(count), A(bytes), A(flags),
                                 A(overlapped), A(routine), A(thread));
  const int error = fake_provider.blocking_recv ? block() : 0;

  if (error == 0)
    return result;
  *lpErrno = error;
  return SOCKET_ERROR;
}

/* --- starting ------------------------------------------------------------------------- */

static const WSPPROC_TABLE procedures = {
#define FAKE_MEMBER(name) .lpWSP##name = fake_##name,
    FAKE_PROCEDURES(FAKE_MEMBER)
#undef FAKE_MEMBER
};

static void hand_out(WSPPROC_TABLE *table)
{
  *table = procedures;
  if (fake_provider.missing >= 0)
    memset((char *)table + (size_t)fake_provider.missing * sizeof(void *), 0, sizeof(void *));
}

int WSPAPI fake_provider_startup(WORD requested, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                                 WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  fake_provider.requested = requested;
  fake_provider.info = *info;
  fake_provider.upcalls = upcalls;
  InterlockedIncrement(&fake_provider.startups);
  pass(fake_provider.startup_gate, fake_provider.in_startup);
  if (fake_provider.startup_result != 0)
    return fake_provider.startup_result;
  data->wVersion = fake_provider.version;
  data->wHighVersion = fake_provider.version;
  hand_out(table);
  return 0;
}

void fake_provider_reset(void)
{
  memset(&fake_provider, 0, sizeof fake_provider);
  fake_provider.version = MAKEWORD(2, 2);
  fake_provider.missing = -1;
  fake_provider.call[FAKE_GetOverlappedResult].result = TRUE;
  fake_provider.call[FAKE_GetQOSByName].result = TRUE;
}
