#include "base/apc_relay.h"

#include "base/procedures.h"
#include "base/host_upcalls.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/system_winsock.h"

struct apc_relay {
  OVERLAPPED overlapped;
  HANDLE event;
  PTP_WAIT wait;
  struct base_socket *socket;
  LPWSAOVERLAPPED client;
  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
  WSATHREADID thread; /* a copy: the caller's structure need not outlive the call */
  DWORD error;
  DWORD transferred;
  DWORD flags;
};

static void apc_relay_free(struct apc_relay *relay)
{
  if (relay->wait != NULL)
    CloseThreadpoolWait(relay->wait);
  if (relay->event != NULL)
    CloseHandle(relay->event);
  base_socket_release(relay->socket);
  heap_free(relay);
}

/* Runs on the thread that the caller named. */
static void CALLBACK apc_relay_run_routine(DWORD_PTR context)
{
  struct apc_relay *relay = (struct apc_relay *)context;
  const struct apc_relay copy = *relay;

  apc_relay_free(relay);
  copy.routine(copy.error, copy.transferred, copy.client, copy.flags);
}

static void apc_relay_read_outcome(struct apc_relay *relay)
{
  relay->transferred = (DWORD)relay->overlapped.InternalHigh;
  if (relay->overlapped.Internal == 0)
    relay->flags = relay->overlapped.Offset;
  else if (!system_winsock()->WSAGetOverlappedResult(relay->socket->handle, &relay->overlapped,
                                                     &relay->transferred, FALSE, &relay->flags))
    relay->error = (DWORD)base_system_error();
  if (relay->error != 0 && atomic_load(&relay->socket->closing))
    relay->error = WSA_OPERATION_ABORTED;
}

/* The named thread may run the routine, which frees the relay, before the upcall returns. */
static void apc_relay_notify(struct apc_relay *relay)
{
  WSATHREADID thread = relay->thread;

  apc_relay_read_outcome(relay);
  relay->client->Offset = relay->flags;
  relay->client->InternalHigh = relay->transferred;
  relay->client->Internal = relay->overlapped.Internal;
  /* It fails if the thread has ended; the client's OVERLAPPED still has the outcome. */
  if (wpu_queue_apc(&thread, apc_relay_run_routine, (DWORD_PTR)relay) != 0)
    apc_relay_free(relay);
}

static void CALLBACK apc_relay_operation_ended(PTP_CALLBACK_INSTANCE instance, PVOID relay,
                                               PTP_WAIT wait, TP_WAIT_RESULT result)
{
  (void)instance;
  (void)wait;
  (void)result;
  apc_relay_notify(relay);
}

/* The routine runs on a thread of the client, and nothing tells when the last one has run. Once
 * there has been a relay, the DLL therefore stays loaded. */
static bool apc_relay_pin_module(void)
{
  HMODULE module;

  return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                            (LPCWSTR)(const void *)&base_procedures, &module);
}

static int apc_relay_new(struct overlapped_request *request, const WSATHREADID *thread,
                         struct base_socket *socket)
{
  struct apc_relay *relay = heap_allocate(sizeof *relay);

  if (relay == NULL)
    return WSAENOBUFS;
  atomic_fetch_add(&socket->references, 1);
  relay->socket = socket;
  relay->client = request->overlapped;
  relay->routine = request->routine;
  relay->thread = *thread;
  relay->event = CreateEventW(NULL, TRUE, FALSE, NULL);
  relay->wait = CreateThreadpoolWait(apc_relay_operation_ended, relay, NULL);
  if (relay->event == NULL || relay->wait == NULL || !apc_relay_pin_module()) {
    apc_relay_free(relay);
    return WSAENOBUFS;
  }
  relay->overlapped.hEvent = (HANDLE)((ULONG_PTR)relay->event | 1);
  request->relay = relay;
  return 0;
}

bool overlapped_is_requested(const struct base_socket *socket, LPWSAOVERLAPPED overlapped)
{
  return overlapped != NULL && socket->overlapped;
}

int overlapped_prepare(struct overlapped_request *request, struct base_socket *socket)
{
  WSATHREADID thread = {GetCurrentThread(), 0};

  request->relay = NULL;
  if (!caller_can_write(request->overlapped, sizeof *request->overlapped))
    return WSAEFAULT;
  if (request->routine == NULL)
    return 0;
  if (request->thread != NULL && !caller_read(&thread, request->thread, sizeof thread))
    return WSAEFAULT;
  if (GetThreadId(thread.ThreadHandle) == GetCurrentThreadId())
    return 0;
  return apc_relay_new(request, &thread, socket);
}

LPWSAOVERLAPPED overlapped_for_system(struct overlapped_request *request)
{
  if (request->relay == NULL)
    return request->overlapped;
  request->overlapped->Internal = (ULONG_PTR)STATUS_PENDING;
  return &request->relay->overlapped;
}

LPWSAOVERLAPPED_COMPLETION_ROUTINE
overlapped_routine_for_system(const struct overlapped_request *request)
{
  return request->relay == NULL ? request->routine : NULL;
}

void overlapped_discard(struct overlapped_request *request)
{
  if (request->relay != NULL)
    apc_relay_free(request->relay);
}

int overlapped_started(struct overlapped_request *request, int error)
{
  struct apc_relay *relay = request->relay;

  if (relay == NULL)
    return error;
  if (error == 0) {
    apc_relay_notify(relay);
  } else if (error == WSA_IO_PENDING) {
    SetThreadpoolWait(relay->wait, relay->event, NULL);
  } else {
    relay->client->Internal = relay->overlapped.Internal;
    apc_relay_free(relay);
  }
  return error;
}
