#include "base/wait_internal.h"

#include "base/host_upcalls.h"
#include "platform/heap.h"
#include "platform/system_winsock.h"

#include <string.h>

/* The hook runs at least this often. Completion ends the sleep early, so the value limits only how
 * long messages wait for a hook that dispatches them. */
enum { TICK_MILLISECONDS = 50 };

/* A few retries in a row are normal when another thread takes the data first. After more than that,
 * the poll calls ready what the call itself does not, and the wait slows down. */
enum { QUICK_RETRIES = 8, PAUSE_MILLISECONDS = 10 };

static void wait_end_operation(struct base_wait *wait)
{
  if (!wait->pending)
    return;
  CancelIoEx(wait->io_handle, &wait->overlapped);
  WaitForSingleObject(wait->event, INFINITE);
  wait->pending = false;
}

/* An operation that finished before the cancel reached it stands, so received data is not lost. */
static bool wait_was_cancelled(const struct base_wait *wait)
{
  return (NTSTATUS)wait->overlapped.Internal == STATUS_CANCELLED;
}

/* Windows does not promise a byte count for a cancelled send, so the part that was sent is unknown.
 * */
static void wait_abort_stream_if_cancelled(struct base_wait *wait)
{
  if (wait->aborts_stream && wait_was_cancelled(wait))
    base_socket_abort_stream(wait->socket);
}

/* The thread ends inside the hook, so the call never returns: its reference on the socket and its
 * memory are released here. */
static void wait_abandon(struct blocking_operation *operation)
{
  struct base_wait *wait = (struct base_wait *)operation;

  wait_end_operation(wait);
  wait_abort_stream_if_cancelled(wait);
  heap_free(wait->memory_if_abandoned);
  if (wait->socket != NULL)
    base_socket_release(wait->socket);
  wait_registry_remove(wait);
  wait_pool_release(wait);
}

static struct base_wait *wait_new(DWORD id)
{
  struct base_wait *wait = wait_pool_take();

  if (wait == NULL)
    return NULL;
  atomic_store(&wait->references, 1);
  wait->operation.catalog_entry_id = id;
  wait->operation.abandon = wait_abandon;
  wait->deadline = BASE_NO_DEADLINE;
  return wait;
}

int base_wait_new(struct base_socket *socket, struct base_wait **out)
{
  struct base_wait *wait = wait_new(base_protocol_id(socket->protocol));

  if (wait == NULL)
    return WSAENOBUFS;
  atomic_fetch_add(&socket->references, 1);
  wait->socket = socket;
  wait->io_handle = (HANDLE)socket->handle;
  if (!wait_registry_add(wait)) {
    wait_pool_release(wait);
    return atomic_load(&socket->closing) ? WSAENOTSOCK : WSAECONNABORTED;
  }
  *out = wait;
  return 0;
}

int base_wait_new_for_select(DWORD id, bool (*involves)(const void *call, SOCKET s),
                             const void *call, struct base_wait **out)
{
  struct base_wait *wait = wait_new(id);

  if (wait == NULL)
    return WSAENOBUFS;
  wait->closed_socket = INVALID_SOCKET;
  wait->involves = involves;
  wait->call = call;
  wait_registry_add(wait);
  *out = wait;
  return 0;
}

/* blocking_end fails if a hook has switched fibers and this is not the thread that began the wait.
 * The block then stays with that thread, whose detach calls wait_abandon. The reference that
 * wait_abandon drops is added here; memory that belongs to the call is freed by the call. */
void base_wait_free(struct base_wait *wait)
{
  wait_registry_remove(wait);
  if (!wait->begun || blocking_end(&wait->operation)) {
    wait_pool_release(wait);
    return;
  }
  wait->memory_if_abandoned = NULL;
  if (wait->socket != NULL)
    atomic_fetch_add(&wait->socket->references, 1);
}

LPWSAOVERLAPPED base_wait_overlapped(struct base_wait *wait)
{
  memset(&wait->overlapped, 0, sizeof wait->overlapped);
  wait->overlapped.hEvent = (HANDLE)((ULONG_PTR)wait->event | 1);
  return &wait->overlapped;
}

static bool wait_has_completed(struct base_wait *wait)
{
  if (wait->pending && WaitForSingleObject(wait->event, 0) == WAIT_OBJECT_0)
    wait->pending = false;
  return !wait->pending;
}

static int wait_begin(struct base_wait *wait)
{
  int error;

  if (wait->begun)
    return 0;
  error = blocking_begin(&wait->operation, &wait->wake);
  if (error != 0)
    return error;
  wait->begun = true;
  return wpu_query_blocking_callback(wait->operation.catalog_entry_id, &wait->callback,
                                     &wait->context);
}

static int wait_interruption_error(const struct base_wait *wait)
{
  return wait->socket != NULL && atomic_load(&wait->socket->stream_aborted) ? WSAECONNABORTED
                                                                            : WSAEINTR;
}

/* 0: the wait goes on. */
static int wait_reason_to_stop(const struct base_wait *wait)
{
  if (blocking_is_cancelled(&wait->operation))
    return WSAEINTR;
  if (atomic_load(&wait->interrupted))
    return wait_interruption_error(wait);
  if (wait->timeout_error != 0)
    return wait->timeout_error;
  return GetTickCount64() >= wait->deadline ? WSAETIMEDOUT : 0;
}

/* FALSE from the callback means that the operation was cancelled. */
static bool wait_run_callback(const struct base_wait *wait)
{
  return wait->callback == NULL || wait->callback(wait->context);
}

/* Alertable, as all waits of Winsock are: the client's completion routines run here. */
static void wait_sleep(struct base_wait *wait)
{
  const HANDLE handles[] = {wait->event, wait->wake};
  ULONGLONG longest = wait->callback != NULL ? TICK_MILLISECONDS : INFINITE;

  if (wait->deadline != BASE_NO_DEADLINE) {
    const ULONGLONG now = GetTickCount64();
    const ULONGLONG left = wait->deadline > now ? wait->deadline - now : 0;

    longest = left < longest ? left : longest;
  }
  WaitForMultipleObjectsEx(2, handles, FALSE, (DWORD)longest, TRUE);
}

static int wait_for_completion(struct base_wait *wait)
{
  int error = wait_begin(wait);

  while (error == 0 && !wait_has_completed(wait)) {
    error = wait_reason_to_stop(wait);
    if (error != 0)
      break;
    if (!wait_run_callback(wait))
      return WSAEINTR;
    if (wait_has_completed(wait))
      return 0;
    error = wait_reason_to_stop(wait);
    if (error == 0)
      wait_sleep(wait);
  }
  return error;
}

int base_wait_finish(struct base_wait *wait, int started)
{
  int error = 0;

  if (started != 0 && started != WSA_IO_PENDING)
    return started;
  wait->pending = started == WSA_IO_PENDING;
  if (!wait_has_completed(wait)) {
    wait->retries = 1;
    error = wait_for_completion(wait);
  }
  wait_end_operation(wait);
  if (!wait_was_cancelled(wait))
    return 0;
  /* The wait was cancelled: by this thread, which then has an error, or by base_waits_interrupt. */
  if (error == 0)
    error = wait_interruption_error(wait);
  wait_abort_stream_if_cancelled(wait);
  return error;
}

int base_wait_again(struct base_wait *wait)
{
  int error;

  if (wait->retries++ == 0)
    return 0;
  error = wait_begin(wait);
  if (error == 0)
    error = wait_reason_to_stop(wait);
  if (error == 0 && !wait_run_callback(wait))
    return WSAEINTR;
  if (error == 0)
    error = wait_reason_to_stop(wait);
  if (error == 0 && wait->retries > QUICK_RETRIES)
    WaitForSingleObjectEx(wait->wake, PAUSE_MILLISECONDS, TRUE);
  return error;
}

void base_wait_set_timeout(struct base_wait *wait, DWORD milliseconds)
{
  wait->deadline = milliseconds == 0 ? BASE_NO_DEADLINE : GetTickCount64() + milliseconds;
}

void base_wait_use_socket_timeout(struct base_wait *wait, int option)
{
  DWORD milliseconds = 0;
  int size = sizeof milliseconds;

  if (system_winsock()->getsockopt(wait->socket->handle, SOL_SOCKET, option, (char *)&milliseconds,
                                   &size) == 0)
    base_wait_set_timeout(wait, milliseconds);
  else
    wait->timeout_error = base_system_error();
}

/* The system cannot be asked about a socket that another thread has closed; then the OVERLAPPED
 * alone has the outcome. */
int base_wait_result(struct base_wait *wait, DWORD *transferred, DWORD *flags)
{
  int error;

  if (system_winsock()->WSAGetOverlappedResult(wait->socket->handle, &wait->overlapped, transferred,
                                               FALSE, flags))
    return 0;
  error = base_system_error();
  if (!atomic_load(&wait->socket->closing))
    return error;
  if (wait->overlapped.Internal != 0)
    return WSAEINTR;
  *transferred = (DWORD)wait->overlapped.InternalHigh;
  return 0;
}
