#include "base/apc_relay.h"

#include "base/procedures.h"
#include "base/host_upcalls.h"
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

/* The thread that is named may run the routine, and free the relay, before the upcall
 * that queues it returns. */
static void notify(struct completion_relay *relay)
{
  WSATHREADID thread = relay->thread;

  collect(relay);
  relay->client->Offset = relay->flags;
  relay->client->InternalHigh = relay->transferred;
  relay->client->Internal = relay->overlapped.Internal;
  /* A thread that is gone takes no routine; the OVERLAPPED still tells the end. */
  if (base_queue_apc(&thread, run_routine, (DWORD_PTR)relay) != 0)
    relay_free(relay);
}

static void CALLBACK operation_ended(PTP_CALLBACK_INSTANCE instance, PVOID relay, PTP_WAIT wait,
                                     TP_WAIT_RESULT result)
{
  (void)instance;
  (void)wait;
  (void)result;
  notify(relay);
}

/* Nothing tells when the last routine has run on a thread of somebody else's, so the
 * DLL stays loaded for good once there has been a relay. */
static bool pin_this_module(void)
{
  HMODULE module;

  return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                            (LPCWSTR)(const void *)&base_procedures, &module);
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
  if (relay->event == NULL || relay->wait == NULL || !pin_this_module()) {
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

/* NULL: the routine is for the calling thread. */
static int read_thread(const struct overlapped_request *request, WSATHREADID *thread)
{
  *thread = (WSATHREADID){GetCurrentThread(), 0};
  if (request->thread != NULL && !caller_read(thread, request->thread, sizeof *thread))
    return WSAEFAULT;
  return 0;
}

static int read_request(struct overlapped_request *request, WSATHREADID *thread)
{
  request->relay = NULL;
  if (!caller_can_write(request->overlapped, sizeof *request->overlapped))
    return WSAEFAULT;
  return request->routine == NULL ? 0 : read_thread(request, thread);
}

int overlapped_prepare(struct overlapped_request *request, struct base_socket *socket)
{
  WSATHREADID thread;
  const int error = read_request(request, &thread);

  if (error != 0 || request->routine == NULL || is_this_thread(&thread))
    return error;
  return relay_new(request, &thread, socket);
}

int overlapped_prepare_answer(struct overlapped_request *request, struct base_socket *socket)
{
  WSATHREADID thread;
  const int error = read_request(request, &thread);

  return error != 0 || request->routine == NULL ? error : relay_new(request, &thread, socket);
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
  if (error == 0) {
    notify(relay);
  } else if (error == WSA_IO_PENDING) {
    SetThreadpoolWait(relay->wait, relay->event, NULL);
  } else {
    relay->client->Internal = relay->overlapped.Internal;
    relay_free(relay);
  }
  return error;
}

static void complete_without_routine(LPWSAOVERLAPPED overlapped, DWORD transferred)
{
  overlapped->InternalHigh = transferred;
  overlapped->Internal = 0;
  if (overlapped->hEvent != NULL)
    SetEvent((HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1));
}

void overlapped_answered(struct overlapped_request *request, int error, DWORD transferred)
{
  struct completion_relay *relay = request->relay;

  if (error != 0) {
    if (relay != NULL)
      relay_free(relay);
  } else if (relay != NULL) {
    relay->overlapped.InternalHigh = transferred;
    notify(relay);
  } else {
    complete_without_routine(request->overlapped, transferred);
  }
}
