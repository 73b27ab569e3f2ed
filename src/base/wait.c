#include "base/wait.h"

#include "base/upcall_copy.h"
#include "platform/heap.h"
#include "platform/system_winsock.h"

#include <string.h>

enum {
  CACHED_WAITS = 8,
  /* Between two runs of the callback. A pending operation is noticed at once, so
   * this bounds only how long a hook's messages may lie. */
  TICK_MILLISECONDS = 50
};

/* ntstatus.h and winnt.h cannot be included together. */
#define NTSTATUS_CANCELLED ((LONG)0xC0000120)

/* --- blocks ----------------------------------------------------------------------- */

static SRWLOCK cache_lock = SRWLOCK_INIT;
static CONDITION_VARIABLE drained = CONDITION_VARIABLE_INIT;
static struct base_wait *cache[CACHED_WAITS];
static int cached;
static int under_way;

static struct base_wait *take_cached(void)
{
  struct base_wait *wait = NULL;

  AcquireSRWLockExclusive(&cache_lock);
  under_way++;
  if (cached > 0)
    wait = cache[--cached];
  ReleaseSRWLockExclusive(&cache_lock);
  return wait;
}

static bool put_cached(struct base_wait *wait)
{
  bool kept = false;

  AcquireSRWLockExclusive(&cache_lock);
  under_way--;
  if (wait != NULL && cached < CACHED_WAITS) {
    cache[cached++] = wait;
    kept = true;
  }
  ReleaseSRWLockExclusive(&cache_lock);
  WakeAllConditionVariable(&drained);
  return kept;
}

static void destroy(struct base_wait *wait)
{
  CloseHandle(wait->event);
  heap_free(wait);
}

static struct base_wait *new_block(void)
{
  struct base_wait *wait = take_cached();
  HANDLE event;

  if (wait != NULL) {
    event = wait->event;
    memset(wait, 0, sizeof *wait);
    wait->event = event;
    return wait;
  }
  wait = heap_allocate(sizeof *wait);
  event = wait == NULL ? NULL : CreateEventW(NULL, TRUE, FALSE, NULL);
  if (event == NULL) {
    heap_free(wait);
    put_cached(NULL);
    return NULL;
  }
  wait->event = event;
  return wait;
}

static void release(struct base_wait *wait)
{
  if (atomic_fetch_sub(&wait->references, 1) != 1)
    return;
  if (wait->socket != NULL)
    base_socket_release(wait->socket);
  heap_free(wait->owned);
  if (!put_cached(wait))
    destroy(wait);
}

void base_waits_drain(DWORD milliseconds)
{
  AcquireSRWLockExclusive(&cache_lock);
  for (DWORD slept = 0; under_way > 0 && slept < milliseconds; slept += TICK_MILLISECONDS)
    SleepConditionVariableSRW(&drained, &cache_lock, TICK_MILLISECONDS, 0);
  ReleaseSRWLockExclusive(&cache_lock);
}

void base_wait_clear(void)
{
  while (cached > 0)
    destroy(cache[--cached]);
}

/* --- the lists of waits ------------------------------------------------------------------ */

/* Waits for one socket are listed with it; selects, which have many, all together. */
static SRWLOCK selects_lock = SRWLOCK_INIT;
static struct base_wait *selects;

struct wait_list {
  SRWLOCK *lock;
  struct base_wait **head;
};

static struct wait_list list_of(struct base_socket *socket)
{
  if (socket != NULL)
    return (struct wait_list){&socket->lock, &socket->waits};
  return (struct wait_list){&selects_lock, &selects};
}

static bool enlist(struct base_wait *wait)
{
  const struct wait_list list = list_of(wait->socket);
  bool open;

  AcquireSRWLockExclusive(list.lock);
  open = wait->socket == NULL || !atomic_load(&wait->socket->closing);
  if (open) {
    wait->next_in_list = *list.head;
    *list.head = wait;
  }
  ReleaseSRWLockExclusive(list.lock);
  return open;
}

static void delist(struct base_wait *wait)
{
  const struct wait_list list = list_of(wait->socket);

  AcquireSRWLockExclusive(list.lock);
  for (struct base_wait **link = list.head; *link != NULL; link = &(*link)->next_in_list) {
    if (*link == wait) {
      *link = wait->next_in_list;
      break;
    }
  }
  ReleaseSRWLockExclusive(list.lock);
}

static bool concerns(const struct base_wait *wait, SOCKET s)
{
  return wait->concerns == NULL || wait->concerns(wait->call, s);
}

/* A wait that is still to be interrupted, marked and referenced; NULL: no more. */
static struct base_wait *next_to_interrupt(struct wait_list list, SOCKET s)
{
  struct base_wait *wait;

  AcquireSRWLockExclusive(list.lock);
  for (wait = *list.head; wait != NULL; wait = wait->next_in_list) {
    if (!atomic_load(&wait->interrupted) && concerns(wait, s)) {
      atomic_store(&wait->interrupted, true);
      atomic_fetch_add(&wait->references, 1);
      break;
    }
  }
  ReleaseSRWLockExclusive(list.lock);
  return wait;
}

static void interrupt_all(struct wait_list list, SOCKET s)
{
  struct base_wait *wait;

  while ((wait = next_to_interrupt(list, s)) != NULL) {
    CancelIoEx(wait->io_handle, &wait->overlapped);
    release(wait);
  }
}

/* The close that follows would end them too, but not while there is a duplicate of
 * the socket, here or in another process. */
void base_waits_interrupt(struct base_socket *socket)
{
  interrupt_all(list_of(socket), socket->handle);
  interrupt_all(list_of(NULL), socket->handle);
}

/* --- one wait -------------------------------------------------------------------------- */

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
  delist(wait);
  release(wait);
}

/* The thread is ending inside a hook: nobody will come back for this wait, nor for
 * the reference and the memory that the call around it holds. */
static void abandon(struct blocking_operation *operation)
{
  struct base_wait *wait = (struct base_wait *)operation;

  end_operation(wait);
  heap_free(wait->call_memory);
  if (wait->socket != NULL)
    base_socket_release(wait->socket);
  leave(wait);
}

static struct base_wait *new_wait(DWORD id)
{
  struct base_wait *wait = new_block();

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
  if (!enlist(wait)) {
    release(wait);
    return WSAENOTSOCK;
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
  enlist(wait);
  *out = wait;
  return 0;
}

void base_wait_free(struct base_wait *wait)
{
  if (wait->begun)
    blocking_end(&wait->operation);
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

static int reason_to_stop(const struct base_wait *wait)
{
  if (blocking_is_cancelled(&wait->operation) || atomic_load(&wait->interrupted))
    return WSAEINTR;
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

static int wait_for_operation(struct base_wait *wait)
{
  int error = begin(wait);

  while (error == 0 && !completed(wait)) {
    error = reason_to_stop(wait);
    if (error != 0)
      break;
    if (wait->callback != NULL && !wait->callback(wait->context))
      return WSAEINTR;
    if (completed(wait))
      return 0;
    error = reason_to_stop(wait);
    if (error == 0)
      sleep_until_something(wait);
  }
  return error;
}

/* An operation that finished before its cancel reached it stands: data that was
 * received is never lost. */
static bool was_ended(const struct base_wait *wait)
{
  return (LONG)wait->overlapped.Internal == NTSTATUS_CANCELLED;
}

int base_wait_finish(struct base_wait *wait, int started)
{
  int error;

  if (started != 0 && started != WSA_IO_PENDING)
    return started;
  wait->pending = started == WSA_IO_PENDING;
  if (completed(wait))
    error = 0;
  else
    error = wait_for_operation(wait);
  end_operation(wait);
  if (!was_ended(wait))
    return 0;
  return error != 0 ? error : WSAEINTR;
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
  *transferred = base_wait_transferred(wait);
  return 0;
}

DWORD base_wait_transferred(const struct base_wait *wait)
{
  return (DWORD)wait->overlapped.InternalHigh;
}
