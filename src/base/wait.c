#include "base/wait_internal.h"

#include "base/host_upcalls.h"
#include "platform/heap.h"
#include "platform/system_winsock.h"

#include <string.h>

/* Between two runs of the callback. A pending operation is noticed at once, so this
 * bounds only how long a hook's messages may lie. */
enum { TICK_MILLISECONDS = 50 };

/* So many rounds that did not wait are another thread that comes first; more are a
 * poll that calls ready what the call behind it does not. */
enum { QUICK_ROUNDS = 8, PAUSE_MILLISECONDS = 10 };

/* ntstatus.h and winnt.h cannot be included together. */
#define NTSTATUS_CANCELLED ((LONG)0xC0000120)

static void end_operation(struct base_wait *wait)
{
  if (!wait->pending)
    return;
  CancelIoEx(wait->io_handle, &wait->overlapped);
  WaitForSingleObject(wait->event, INFINITE);
  wait->pending = false;
}

static void leave(struct base_wait *wait)
{
  wait_list_remove(wait);
  wait_block_release(wait);
}

/* An operation that finished before its cancel reached it stands: data that was
 * received is never lost. */
static bool was_ended(const struct base_wait *wait)
{
  return (LONG)wait->overlapped.Internal == NTSTATUS_CANCELLED;
}

/* How much of it was sent before is not known: Windows does not promise a count for
 * a cancelled send. */
static void compromise_if_torn(struct base_wait *wait)
{
  if (wait->tears && was_ended(wait))
    base_socket_compromise(wait->socket);
}

/* The thread is ending inside a hook: nobody will come back for this wait, nor for
 * the reference and the memory that the call around it holds. */
static void abandon(struct blocking_operation *operation)
{
  struct base_wait *wait = (struct base_wait *)operation;

  end_operation(wait);
  compromise_if_torn(wait);
  heap_free(wait->call_memory);
  if (wait->socket != NULL)
    base_socket_release(wait->socket);
  leave(wait);
}

static struct base_wait *new_wait(DWORD id)
{
  struct base_wait *wait = wait_block_take();

  if (wait == NULL)
    return NULL;
  atomic_store(&wait->references, 1);
  wait->operation.catalog_entry_id = id;
  wait->operation.abandon = abandon;
  wait->deadline = BASE_NO_DEADLINE;
  return wait;
}

int base_wait_new(struct base_socket *socket, struct base_wait **out)
{
  struct base_wait *wait = new_wait(socket->entry->id);

  if (wait == NULL)
    return WSAENOBUFS;
  atomic_fetch_add(&socket->references, 1);
  wait->socket = socket;
  wait->io_handle = (HANDLE)socket->handle;
  if (!wait_list_add(wait)) {
    wait_block_release(wait);
    return atomic_load(&socket->closing) ? WSAENOTSOCK : WSAECONNABORTED;
  }
  *out = wait;
  return 0;
}

int base_wait_new_for_many(DWORD id, bool (*concerns_socket)(const void *call, SOCKET s),
                           const void *call, struct base_wait **out)
{
  struct base_wait *wait = new_wait(id);

  if (wait == NULL)
    return WSAENOBUFS;
  wait->concerns = concerns_socket;
  wait->call = call;
  wait_list_add(wait);
  *out = wait;
  return 0;
}

/* The hook switched fibers, and the call goes on on another thread than it began on:
 * the block stays with the thread that began, whose detach abandons it and releases
 * what it takes for the call's reference. What the call itself owns is not its. */
static void leave_to_its_thread(struct base_wait *wait)
{
  wait_list_remove(wait);
  wait->call_memory = NULL;
  if (wait->socket != NULL)
    atomic_fetch_add(&wait->socket->references, 1);
}

void base_wait_free(struct base_wait *wait)
{
  if (wait->begun && !blocking_end(&wait->operation))
    leave_to_its_thread(wait);
  else
    leave(wait);
}

LPWSAOVERLAPPED base_wait_overlapped(struct base_wait *wait)
{
  memset(&wait->overlapped, 0, sizeof wait->overlapped);
  wait->overlapped.hEvent = (HANDLE)((ULONG_PTR)wait->event | 1);
  return &wait->overlapped;
}

static bool completed(struct base_wait *wait)
{
  if (wait->pending && WaitForSingleObject(wait->event, 0) == WAIT_OBJECT_0)
    wait->pending = false;
  return !wait->pending;
}

static int begin(struct base_wait *wait)
{
  int error;

  if (wait->begun)
    return 0;
  error = blocking_begin(&wait->operation, &wait->wake);
  if (error != 0)
    return error;
  wait->begun = true;
  return base_query_blocking_callback(wait->operation.catalog_entry_id, &wait->callback,
                                      &wait->context);
}

static int reason_of_interruption(const struct base_wait *wait)
{
  return wait->socket != NULL && atomic_load(&wait->socket->compromised) ? WSAECONNABORTED
                                                                         : WSAEINTR;
}

static int reason_to_stop(const struct base_wait *wait)
{
  if (blocking_is_cancelled(&wait->operation))
    return WSAEINTR;
  if (atomic_load(&wait->interrupted))
    return reason_of_interruption(wait);
  if (wait->timeout_error != 0)
    return wait->timeout_error;
  return GetTickCount64() >= wait->deadline ? WSAETIMEDOUT : 0;
}

static DWORD time_to_sleep(const struct base_wait *wait)
{
  const ULONGLONG now = GetTickCount64();
  const ULONGLONG longest = wait->callback != NULL ? TICK_MILLISECONDS : INFINITE;
  ULONGLONG left;

  if (wait->deadline == BASE_NO_DEADLINE)
    return (DWORD)longest;
  left = wait->deadline > now ? wait->deadline - now : 0;
  return (DWORD)(left < longest ? left : longest);
}

/* Alertable, as every wait of Winsock is: the client's completion routines run here. */
static void sleep_until_something(struct base_wait *wait)
{
  const HANDLE handles[] = {wait->event, wait->wake};

  WaitForMultipleObjectsEx(2, handles, FALSE, time_to_sleep(wait), TRUE);
}

/* FALSE from a callback means that the operation was cancelled. */
static bool callback_goes_on(const struct base_wait *wait)
{
  return wait->callback == NULL || wait->callback(wait->context);
}

static int wait_for_operation(struct base_wait *wait)
{
  int error = begin(wait);

  while (error == 0 && !completed(wait)) {
    error = reason_to_stop(wait);
    if (error != 0)
      break;
    if (!callback_goes_on(wait))
      return WSAEINTR;
    if (completed(wait))
      return 0;
    error = reason_to_stop(wait);
    if (error == 0)
      sleep_until_something(wait);
  }
  return error;
}

/* The operation is over afterwards. Without an error of this thread's own it was the
 * thread that interrupts which ended it, if anything did. */
static int settle(struct base_wait *wait, int error)
{
  end_operation(wait);
  if (!was_ended(wait))
    return 0;
  if (error == 0)
    error = reason_of_interruption(wait);
  compromise_if_torn(wait);
  return error;
}

int base_wait_finish(struct base_wait *wait, int started)
{
  if (started != 0 && started != WSA_IO_PENDING)
    return started;
  wait->pending = started == WSA_IO_PENDING;
  if (completed(wait))
    return settle(wait, 0);
  wait->rounds = 1;
  return settle(wait, wait_for_operation(wait));
}

int base_wait_again(struct base_wait *wait)
{
  int error;

  if (wait->rounds++ == 0)
    return 0;
  error = begin(wait);
  if (error == 0)
    error = reason_to_stop(wait);
  if (error == 0 && !callback_goes_on(wait))
    return WSAEINTR;
  if (error == 0)
    error = reason_to_stop(wait);
  if (error == 0 && wait->rounds > QUICK_ROUNDS)
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
