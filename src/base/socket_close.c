/* WSPCloseSocket. A close that lingers goes on in a thread of its own, because
 * nothing of the system can interrupt it; the caller waits for that thread. */
#include "base/socket_close.h"

#include "base/procedures.h"
#include "base/host_upcalls.h"
#include "base/wait.h"
#include "blocking/blocking.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"
#include "sockets/socket_table.h"

/* The first is long enough for a thread to start and close what has nothing to send even on a
 * busy machine: such a close never waits, so no hook may run (WinSock/blocking-hook-2). */
enum { FIRST_SLICE_MILLISECONDS = 250, SLICE_MILLISECONDS = 20 };

/* --- a close without a wait --------------------------------------------------------- */

/* The blocking calls of other threads report WSAEINTR, as the 1.1 specification has
 * it. Whoever has the lock now has not seen that the socket is closing; whoever gets it
 * later has. */
static void end_waits(struct base_socket *socket)
{
  AcquireSRWLockExclusive(&socket->lock);
  ReleaseSRWLockExclusive(&socket->lock);
  base_waits_interrupt(socket);
}

static int close_system_socket(SOCKET s)
{
  return system_winsock()->closesocket(s) == 0 ? 0 : base_system_error();
}

/* WSAEWOULDBLOCK alone leaves the handle open (a lingering non-blocking socket). */
static void restore(struct base_socket *socket, bool was_recorded,
                    const struct socket_record *record)
{
  atomic_store(&socket->closing, false);
  if (was_recorded)
    socket_table_set(socket->handle, record);
}

static int close_directly(struct base_socket *socket)
{
  struct socket_record record;
  const bool was_recorded = socket_table_get(socket->handle, &record);
  int error;

  socket_table_forget(socket->handle);
  end_waits(socket);
  error = close_system_socket(socket->handle);
  if (error == WSAEWOULDBLOCK)
    restore(socket, was_recorded, &record);
  else
    base_socket_unlist(socket);
  return error;
}

void base_socket_discard(struct base_socket *socket)
{
  if (base_socket_begin_close(socket))
    close_directly(socket);
}

static void reset_and_close(struct base_socket *socket)
{
  const struct linger reset = {1, 0};

  system_winsock()->setsockopt(socket->handle, SOL_SOCKET, SO_LINGER, (const char *)&reset,
                               sizeof reset);
  close_directly(socket);
}

static void let_go(struct base_socket *socket)
{
  end_waits(socket);
  base_socket_unlist(socket);
}

void base_sockets_close_all(void)
{
  struct base_socket *socket = base_socket_begin_close_of_all();

  while (socket != NULL) {
    struct base_socket *next = socket->next_doomed;

    if (socket->adopted)
      let_go(socket);
    else
      reset_and_close(socket);
    base_socket_release(socket);
    socket = next;
  }
}

/* --- a close that lingers -------------------------------------------------------------- */

/* Shared by the closing thread and its caller. The lock covers `done` and `error`.
 *
 * Everything the caller does while it waits stays inside this process: a lingering
 * close stops Wine's server, and with it every event and wait of the system, for
 * the whole linger time. An alertable sleep is such a wait too, so that completion
 * routines of the client are not run here, unlike in the other waits. */
struct lingering_close {
  struct blocking_operation operation; /* first: abandon gets its address */
  atomic_int references;
  SRWLOCK lock;
  CONDITION_VARIABLE changed;
  bool done;
  int error;
  HMODULE module;
  struct base_socket *socket;
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
};

static void release(struct lingering_close *job)
{
  if (atomic_fetch_sub(&job->references, 1) != 1)
    return;
  base_socket_release(job->socket);
  heap_free(job);
}

static void abandon(struct blocking_operation *operation)
{
  struct lingering_close *job = (struct lingering_close *)operation;

  base_socket_release(job->socket); /* the call's own reference */
  release(job);
}

/* The hook switched fibers: the thread that began abandons the job when it ends. */
static void leave_to_its_thread(struct lingering_close *job)
{
  atomic_fetch_add(&job->references, 1);
  atomic_fetch_add(&job->socket->references, 1);
}

static DWORD WINAPI close_lingering(void *parameter)
{
  struct lingering_close *job = parameter;
  const HMODULE module = job->module;
  const int error = close_system_socket(job->socket->handle);

  base_socket_unlist(job->socket);
  AcquireSRWLockExclusive(&job->lock);
  job->error = error;
  job->done = true;
  ReleaseSRWLockExclusive(&job->lock);
  WakeAllConditionVariable(&job->changed);
  release(job);
  FreeLibraryAndExitThread(module, 0);
}

static struct lingering_close *new_job(struct base_socket *socket)
{
  struct lingering_close *job = heap_allocate(sizeof *job);

  if (job == NULL)
    return NULL;
  atomic_init(&job->references, 2);
  InitializeSRWLock(&job->lock);
  InitializeConditionVariable(&job->changed);
  job->operation.catalog_entry_id = socket->entry->id;
  job->operation.abandon = abandon;
  atomic_fetch_add(&socket->references, 1);
  job->socket = socket;
  return job;
}

/* The thread keeps this DLL loaded until it has left it. */
static bool start_thread(struct lingering_close *job)
{
  HANDLE thread;

  if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCWSTR)(void *)&base_procedures,
                          &job->module))
    return false;
  thread = CreateThread(NULL, 0, close_lingering, job, 0, NULL);
  if (thread == NULL) {
    FreeLibrary(job->module);
    return false;
  }
  CloseHandle(thread);
  return true;
}

static bool done_within(struct lingering_close *job, DWORD milliseconds)
{
  bool done;

  AcquireSRWLockExclusive(&job->lock);
  if (!job->done)
    SleepConditionVariableSRW(&job->changed, &job->lock, milliseconds, 0);
  done = job->done;
  ReleaseSRWLockExclusive(&job->lock);
  return done;
}

/* WSAEINTR leaves the close to its thread: the handle is gone either way. */
static int wait_cancellably(struct lingering_close *job)
{
  do {
    if (blocking_is_cancelled(&job->operation))
      return WSAEINTR;
    if (job->callback != NULL && !job->callback(job->context))
      return WSAEINTR;
  } while (!done_within(job, SLICE_MILLISECONDS));
  return job->error;
}

/* The close has begun and cannot be undone, so a failure to ask for the callback
 * means waiting without one. */
static int wait_for_close(struct lingering_close *job)
{
  HANDLE wake;
  int error;

  if (done_within(job, FIRST_SLICE_MILLISECONDS))
    return job->error;
  if (blocking_begin(&job->operation, &wake) != 0) {
    while (!done_within(job, INFINITE))
      continue;
    return job->error;
  }
  if (base_query_blocking_callback(job->operation.catalog_entry_id, &job->callback,
                                   &job->context) != 0)
    job->callback = NULL;
  error = wait_cancellably(job);
  if (!blocking_end(&job->operation))
    leave_to_its_thread(job);
  return error;
}

static int close_in_thread(struct base_socket *socket)
{
  struct lingering_close *job = new_job(socket);
  int error;

  if (job == NULL)
    return close_directly(socket);
  socket_table_forget(socket->handle);
  end_waits(socket);
  if (start_thread(job)) {
    error = wait_for_close(job);
  } else {
    release(job);
    error = close_system_socket(socket->handle);
    base_socket_unlist(socket);
  }
  release(job);
  return error;
}

static bool lingers(const struct base_socket *socket)
{
  struct linger linger = {0, 0};
  int size = sizeof linger;

  if (atomic_load(&socket->nonblocking) || !base_socket_is_stream(socket))
    return false;
  return system_winsock()->getsockopt(socket->handle, SOL_SOCKET, SO_LINGER, (char *)&linger,
                                      &size) == 0 &&
         linger.l_onoff != 0 && linger.l_linger != 0;
}

/* --- the procedure ---------------------------------------------------------------------- */

/* Not by base_enter: a compromised socket can be closed, and nothing else. */
int WSPAPI base_close_socket(SOCKET s, LPINT lpErrno)
{
  struct base_socket *socket;
  bool in_thread;

  if (!spi_begin_in("WSPCloseSocket", lpErrno))
    return SOCKET_ERROR;
  socket = base_socket_acquire(s);
  if (socket == NULL)
    return spi_fail_in("WSPCloseSocket", lpErrno, WSAENOTSOCK);
  in_thread = lingers(socket);
  if (in_thread && blocking_in_callback())
    return base_leave("WSPCloseSocket", socket, lpErrno, WSAEINPROGRESS);
  if (!base_socket_begin_close(socket))
    return base_leave("WSPCloseSocket", socket, lpErrno, WSAENOTSOCK);
  return base_leave("WSPCloseSocket", socket, lpErrno,
                    in_thread ? close_in_thread(socket) : close_directly(socket));
}
