#include "base/completion_relay.h"

#include "base/upcall_copy.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/system_winsock.h"

#define NTSTATUS_PENDING 0x103u

struct completion_relay {
  OVERLAPPED overlapped;
  HANDLE event;
  PTP_WAIT wait;
  struct base_socket *socket;
  LPWSAOVERLAPPED client;
  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
  WSATHREADID thread; /* a copy: the caller's need not outlive the call */
  DWORD error;
  DWORD transferred;
  DWORD flags;
};

static void relay_free(struct completion_relay *relay)
{
  if (relay->wait != NULL)
    CloseThreadpoolWait(relay->wait);
  if (relay->event != NULL)
    CloseHandle(relay->event);
  base_socket_release(relay->socket);
  heap_free(relay);
}

/* On the thread that the caller named. */
static void CALLBACK run_routine(DWORD_PTR context)
{
  struct completion_relay *relay = (struct completion_relay *)context;
  const struct completion_relay copy = *relay;

  relay_free(relay);
  copy.routine(copy.error, copy.transferred, copy.client, copy.flags);
}

static void collect(struct completion_relay *relay)
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

static void CALLBACK operation_ended(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
                                     TP_WAIT_RESULT result)
{
  struct completion_relay *relay = context;

  (void)instance;
  (void)wait;
  (void)result;
  collect(relay);
  relay->client->Offset = relay->flags;
  relay->client->InternalHigh = relay->transferred;
  relay->client->Internal = relay->overlapped.Internal;
  /* A thread that is gone takes no routine; the OVERLAPPED still tells the end. */
  if (base_queue_apc(&relay->thread, run_routine, (DWORD_PTR)relay) != 0)
    relay_free(relay);
}

static int relay_new(struct overlapped_request *request, const WSATHREADID *thread,
                     struct base_socket *socket)
{
  struct completion_relay *relay = heap_allocate(sizeof *relay);

  if (relay == NULL)
    return WSAENOBUFS;
  atomic_fetch_add(&socket->references, 1);
  relay->socket = socket;
  relay->client = request->overlapped;
  relay->routine = request->routine;
  relay->thread = *thread;
  relay->event = CreateEventW(NULL, TRUE, FALSE, NULL);
  relay->wait = CreateThreadpoolWait(operation_ended, relay, NULL);
  if (relay->event == NULL || relay->wait == NULL) {
    relay_free(relay);
    return WSAENOBUFS;
  }
  relay->overlapped.hEvent = (HANDLE)((ULONG_PTR)relay->event | 1);
  request->relay = relay;
  return 0;
}

static bool is_this_thread(const WSATHREADID *thread)
{
  return GetThreadId(thread->ThreadHandle) == GetCurrentThreadId();
}

bool overlapped_is_requested(const struct base_socket *socket, LPWSAOVERLAPPED overlapped)
{
  return overlapped != NULL && socket->overlapped;
}

int overlapped_prepare(struct overlapped_request *request, struct base_socket *socket)
{
  WSATHREADID thread;

  request->relay = NULL;
  if (!caller_can_write(request->overlapped, sizeof *request->overlapped))
    return WSAEFAULT;
  if (request->routine == NULL || request->thread == NULL)
    return 0;
  if (!caller_read(&thread, request->thread, sizeof thread))
    return WSAEFAULT;
  return is_this_thread(&thread) ? 0 : relay_new(request, &thread, socket);
}

LPWSAOVERLAPPED overlapped_for_system(struct overlapped_request *request)
{
  if (request->relay == NULL)
    return request->overlapped;
  request->overlapped->Internal = NTSTATUS_PENDING;
  return &request->relay->overlapped;
}

LPWSAOVERLAPPED_COMPLETION_ROUTINE
overlapped_routine_for_system(const struct overlapped_request *request)
{
  return request->relay == NULL ? request->routine : NULL;
}

int overlapped_started(struct overlapped_request *request, int error)
{
  struct completion_relay *relay = request->relay;

  if (relay == NULL)
    return error;
  if (error == 0 || error == WSA_IO_PENDING)
    SetThreadpoolWait(relay->wait, relay->event, NULL);
  else
    relay_free(relay);
  return error;
}
