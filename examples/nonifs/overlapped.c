#include "overlapped.h"

#include <stdlib.h>

#define STATUS_UNSUCCESSFUL_CODE 0xC0000001u

/* A completion routine has four arguments and an APC has one, so an APC of this layer calls the
 * routine. Its arguments are in memory of their own: when it runs, the operation is over and the
 * provider may have been cleaned up. */
struct routine_call {
  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
  LPWSAOVERLAPPED client;
  WSATHREADID thread; /* a copy: the caller's structure need not outlive the call */
  bool thread_is_ours;
  DWORD error;
  DWORD bytes;
  DWORD flags;
};

struct operation {
  WSAOVERLAPPED below;
  HANDLE event;
  PTP_WAIT wait;
  struct layered_socket *socket;
  struct layered_socket *counted;
  enum traffic traffic;
  LPWSAOVERLAPPED client;
  ULONG_PTR client_internal; /* restored if the operation does not start */
  struct routine_call *call; /* NULL: event or completion port */
  struct operation *next_idle;
};

/* --- idle operations ------------------------------------------------------------------ */

static SRWLOCK lock = SRWLOCK_INIT;
static struct operation *idle;

static void destroy(struct operation *operation)
{
  if (operation->wait != NULL)
    CloseThreadpoolWait(operation->wait);
  if (operation->event != NULL)
    CloseHandle(operation->event);
  free(operation);
}

static void CALLBACK operation_ended(PTP_CALLBACK_INSTANCE instance, PVOID value, PTP_WAIT wait,
                                     TP_WAIT_RESULT result);

static struct operation *make(void)
{
  struct operation *const operation = calloc(1, sizeof *operation);

  if (operation == NULL)
    return NULL;
  operation->event = CreateEventW(NULL, TRUE, FALSE, NULL);
  operation->wait = CreateThreadpoolWait(operation_ended, operation, NULL);
  if (operation->event != NULL && operation->wait != NULL)
    return operation;
  destroy(operation);
  return NULL;
}

static struct operation *take_idle(void)
{
  struct operation *operation;

  AcquireSRWLockExclusive(&lock);
  operation = idle;
  if (operation != NULL)
    idle = operation->next_idle;
  ReleaseSRWLockExclusive(&lock);
  return operation;
}

static void put_idle(struct operation *operation)
{
  AcquireSRWLockExclusive(&lock);
  operation->next_idle = idle;
  idle = operation;
  ReleaseSRWLockExclusive(&lock);
}

/* A pool thread may still be returning from operation_ended. */
void overlapped_clear(void)
{
  struct operation *operation;

  while ((operation = take_idle()) != NULL) {
    WaitForThreadpoolWaitCallbacks(operation->wait, FALSE);
    destroy(operation);
  }
}

/* The operation is put back before its sockets are released, because overlapped_clear runs as soon
 * as the last cleanup finds no sockets. */
static void release(struct operation *operation)
{
  struct layered_socket *const socket = operation->socket;
  struct layered_socket *const counted = operation->counted;

  put_idle(operation);
  socket_release(counted);
  socket_release(socket);
}

/* --- completion routines -------------------------------------------------------------- */

static void free_call(struct routine_call *call)
{
  const WSPUPCALLTABLE upcalls = current_upcalls();
  int error;

  if (call->thread_is_ours)
    upcalls.lpWPUCloseThread(&call->thread, &error);
  free(call);
}

/* Routines run on threads of the client, so the DLL cannot know when the last one has returned. */
static bool stay_loaded(void)
{
  HMODULE module;

  return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                            (LPCWSTR)(const void *)&idle, &module);
}

/* Without lpThreadId the routine is for the calling thread. */
static struct routine_call *make_call(const struct request *request, LPINT error)
{
  const WSPUPCALLTABLE upcalls = current_upcalls();
  struct routine_call *const call = calloc(1, sizeof *call);

  *error = WSAENOBUFS;
  if (call == NULL || !stay_loaded()) {
    free(call);
    return NULL;
  }
  call->routine = request->routine;
  call->client = request->overlapped;
  if (request->thread != NULL) {
    call->thread = *request->thread;
  } else if (upcalls.lpWPUOpenCurrentThread(&call->thread, error) == 0) {
    call->thread_is_ours = true;
  } else {
    free(call);
    return NULL;
  }
  return call;
}

/* Runs in an alertable wait of the thread that lpThreadId names. */
static void CALLBACK run_routine(DWORD_PTR context)
{
  struct routine_call *const call = (struct routine_call *)context;
  const struct routine_call copy = *call;

  free_call(call);
  copy.routine(copy.error, copy.bytes, copy.client, copy.flags);
}

/* The routine may run, and free the call, before this returns. The upcall fails if the thread has
 * ended. */
static void queue_routine(struct routine_call *call)
{
  const WSPUPCALLTABLE upcalls = current_upcalls();
  WSATHREADID thread = call->thread;
  int error;

  if (upcalls.lpWPUQueueApc(&thread, run_routine, (DWORD_PTR)call, &error) != 0)
    free_call(call);
}

/* --- the end of an operation ---------------------------------------------------------- */

/* Internal is stored last, because a client that polls it goes on as soon as it changes. */
static void mark_completed(LPWSAOVERLAPPED client, DWORD error, DWORD bytes)
{
  client->InternalHigh = bytes;
  InterlockedExchangePointer((PVOID volatile *)&client->Internal,
                             (PVOID)(ULONG_PTR)(error == 0 ? 0 : STATUS_UNSUCCESSFUL_CODE));
}

/* WSAENOBUFS: Winsock cannot report that many bytes. The request is then completed as a failure, so
 * that the client does not wait for ever. On other errors the request does not exist any more. */
static void complete_by_winsock(SOCKET upper, LPWSAOVERLAPPED client, DWORD error, DWORD bytes)
{
  int failure;

  if (WPUCompleteOverlappedRequest(upper, client, error, bytes, &failure) == 0 ||
      failure != WSAENOBUFS)
    return;
  client->OffsetHigh = WSAENOBUFS;
  WPUCompleteOverlappedRequest(upper, client, WSAENOBUFS, 0, &failure);
}

static void notify(struct operation *operation, DWORD error, DWORD bytes, DWORD flags)
{
  const LPWSAOVERLAPPED client = operation->client;
  struct routine_call *const call = operation->call;

  client->Offset = flags;
  client->OffsetHigh = error;
  /* WSPCleanup ends operations without a notification. */
  if (operation->socket->layer->stopping) {
    mark_completed(client, error, bytes);
    if (call != NULL)
      free_call(call);
  } else if (call == NULL) {
    complete_by_winsock(operation->socket->upper, client, error, bytes);
  } else {
    call->error = error;
    call->bytes = bytes;
    call->flags = flags;
    mark_completed(client, error, bytes);
    queue_routine(call);
  }
}

static void finish(struct operation *operation, DWORD error, DWORD bytes, DWORD flags)
{
  if (error == 0)
    count_traffic(operation->counted, operation->traffic, bytes);
  notify(operation, error, bytes, flags);
  release(operation);
}

/* The layer below may set the event a little before its result can be read
 * (ws2spi/nf-ws2spi-wpucompleteoverlappedrequest), so the read is repeated until then. For a closed
 * socket the layer below returns an error instead of the result. */
static DWORD result_of(struct operation *operation, DWORD *flags)
{
  const struct layered_socket *const socket = operation->socket;
  DWORD bytes = 0;
  int error = 0;

  while (!socket->layer->next.lpWSPGetOverlappedResult(socket->lower, &operation->below, &bytes,
                                                       FALSE, flags, &error)) {
    if (error != WSA_IO_INCOMPLETE)
      return socket->closing || socket->layer->stopping ? WSA_OPERATION_ABORTED : (DWORD)error;
    SwitchToThread();
  }
  return 0;
}

static void CALLBACK operation_ended(PTP_CALLBACK_INSTANCE instance, PVOID value, PTP_WAIT wait,
                                     TP_WAIT_RESULT result)
{
  struct operation *const operation = value;
  DWORD flags = 0;
  const DWORD error = result_of(operation, &flags);

  (void)instance, (void)wait, (void)result;
  finish(operation, error, (DWORD)operation->below.InternalHigh, flags);
}

/* --- the start of an operation -------------------------------------------------------- */

/* The low bit of hEvent means that no packet is to be posted; it is not part of the handle. */
static void reset_event(HANDLE event)
{
  if (event != NULL)
    ResetEvent((HANDLE)((ULONG_PTR)event & ~(ULONG_PTR)1));
}

static void mark_pending(struct operation *operation, const struct request *request)
{
  const LPWSAOVERLAPPED client = request->overlapped;

  operation->client = client;
  operation->client_internal = client->Internal;
  client->Internal = WSS_OPERATION_IN_PROGRESS;
  if (request->routine == NULL)
    reset_event(client->hEvent);
}

struct operation *overlapped_begin(struct layered_socket *socket, const struct request *request,
                                   enum traffic traffic, LPINT error)
{
  struct operation *operation = take_idle();
  struct routine_call *call = NULL;

  *error = WSAENOBUFS;
  if (operation == NULL && (operation = make()) == NULL)
    return NULL;
  if (request->routine != NULL && (call = make_call(request, error)) == NULL) {
    put_idle(operation);
    return NULL;
  }
  operation->call = call;
  ResetEvent(operation->event);
  /* TransmitFile uses the offset. */
  operation->below = (WSAOVERLAPPED){.Offset = request->overlapped->Offset,
                                     .OffsetHigh = request->overlapped->OffsetHigh,
                                     .hEvent = operation->event};
  socket_hold(socket);
  socket_hold(socket);
  operation->socket = operation->counted = socket;
  operation->traffic = traffic;
  mark_pending(operation, request);
  *error = 0;
  return operation;
}

void overlapped_count_on(struct operation *operation, struct layered_socket *socket)
{
  socket_hold(socket);
  socket_release(operation->counted);
  operation->counted = socket;
}

LPWSAOVERLAPPED overlapped_for_next(struct operation *operation)
{
  return &operation->below;
}

static void undo(struct operation *operation)
{
  operation->client->Internal = operation->client_internal;
  if (operation->call != NULL)
    free_call(operation->call);
  release(operation);
}

int overlapped_started(struct operation *operation, int result, const int *error, DWORD bytes,
                       DWORD flags)
{
  if (result == 0)
    finish(operation, 0, bytes, flags);
  else if (*error == WSA_IO_PENDING)
    SetThreadpoolWait(operation->wait, operation->event, NULL);
  else
    undo(operation);
  return result;
}

void count_traffic(struct layered_socket *socket, enum traffic traffic, DWORD bytes)
{
  if (traffic == RECEIVING)
    InterlockedExchangeAdd64(&socket->received, bytes);
  if (traffic == SENDING)
    InterlockedExchangeAdd64(&socket->sent, bytes);
}
