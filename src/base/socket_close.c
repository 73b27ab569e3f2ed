/* WSPCloseSocket. The system cannot interrupt a close that lingers, so a thread of its own makes
 * it, and the caller waits for that thread. */
#include "base/socket_close.h"

#include "base/procedures.h"
#include "base/host_upcalls.h"
#include "base/wait.h"
#include "blocking/blocking.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"
#include "sockets/socket_table.h"

/* A close that has nothing to send does not wait, so no hook may run for it
 * (WinSock/blocking-hook-2). FIRST_MILLISECONDS is long enough for its thread to start and finish
 * even on a busy machine. */
enum { FIRST_MILLISECONDS = 250, TICK_MILLISECONDS = 20 };

/* --- a close without a wait ----------------------------------------------------------- */

/* Blocking calls of other threads report WSAEINTR, as the 1.1 specification says. After the lock
 * has been taken once, no thread can list a wait any more without seeing `closing`. */
static void socket_close_end_waits(struct base_socket *socket, SOCKET closed)
{
  AcquireSRWLockExclusive(&socket->lock);
  ReleaseSRWLockExclusive(&socket->lock);
  base_waits_interrupt(socket, closed);
}

static int socket_close_by_system(SOCKET s)
{
  return system_winsock()->closesocket(s) == 0 ? 0 : base_system_error();
}

static int socket_close_directly(struct base_socket *socket, SOCKET closed)
{
  DWORD recorded_id;
  const bool was_recorded = socket_table_get(socket->handle, &recorded_id);
  int error;

  socket_table_forget(socket->handle);
  socket_close_end_waits(socket, closed);
  error = socket_close_by_system(socket->handle);
  if (error != WSAEWOULDBLOCK) {
    base_socket_unlist(socket);
    return error;
  }
  /* A non-blocking socket that would have to linger: its handle is still open. */
  atomic_store(&socket->closing, false);
  if (was_recorded)
    socket_table_set(socket->handle, recorded_id);
  return error;
}

void base_socket_discard(struct base_socket *socket)
{
  if (base_socket_begin_close(socket))
    socket_close_directly(socket, socket->handle);
}

void base_sockets_close_all(void)
{
  const struct linger reset = {1, 0};
  struct base_socket *socket = base_socket_begin_close_of_all();

  while (socket != NULL) {
    struct base_socket *next = socket->next_to_close;

    if (socket->adopted) {
      socket_close_end_waits(socket, INVALID_SOCKET);
      base_socket_unlist(socket);
    } else {
      system_winsock()->setsockopt(socket->handle, SOL_SOCKET, SO_LINGER, (const char *)&reset,
                                   sizeof reset);
      socket_close_directly(socket, INVALID_SOCKET);
    }
    base_socket_release(socket);
    socket = next;
  }
}

/* --- a close that lingers ------------------------------------------------------------- */

/* Shared by the closing thread and its caller, each with a reference. The lock covers `done` and
 * `error`.
 *
 * The caller waits without the system: a lingering close stops Wine's server, and with it all
 * events and waits of the system, for the whole linger time. Alertable waits are among
 * these, so the client's completion routines do not run here, unlike in other waits. */
struct lingering_close {
  struct blocking_operation operation; /* first: `abandon` receives its address */
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

static void lingering_close_release(struct lingering_close *job)
{
  if (atomic_fetch_sub(&job->references, 1) != 1)
    return;
  base_socket_release(job->socket);
  heap_free(job);
}

/* The calling thread ends inside the hook; this releases the references of its call. */
static void lingering_close_abandon(struct blocking_operation *operation)
{
  struct lingering_close *job = (struct lingering_close *)operation;

  base_socket_release(job->socket);
  lingering_close_release(job);
}

static DWORD WINAPI lingering_close_thread(void *parameter)
{
  struct lingering_close *job = parameter;
  const HMODULE module = job->module;
  const int error = socket_close_by_system(job->socket->handle);

  base_socket_unlist(job->socket);
  AcquireSRWLockExclusive(&job->lock);
  job->error = error;
  job->done = true;
  ReleaseSRWLockExclusive(&job->lock);
  WakeAllConditionVariable(&job->changed);
  lingering_close_release(job);
  FreeLibraryAndExitThread(module, 0);
}

static struct lingering_close *lingering_close_new(struct base_socket *socket)
{
  struct lingering_close *job = heap_allocate(sizeof *job);

  if (job == NULL)
    return NULL;
  atomic_init(&job->references, 2);
  InitializeSRWLock(&job->lock);
  InitializeConditionVariable(&job->changed);
  job->operation.catalog_entry_id = base_protocol_id(socket->protocol);
  job->operation.abandon = lingering_close_abandon;
  atomic_fetch_add(&socket->references, 1);
  job->socket = socket;
  return job;
}

/* The thread holds a reference on this DLL until it has left its code. */
static bool lingering_close_start(struct lingering_close *job)
{
  HANDLE thread;

  if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCWSTR)(void *)&base_procedures,
                          &job->module))
    return false;
  thread = CreateThread(NULL, 0, lingering_close_thread, job, 0, NULL);
  if (thread == NULL) {
    FreeLibrary(job->module);
    return false;
  }
  CloseHandle(thread);
  return true;
}

static bool lingering_close_is_done(struct lingering_close *job, DWORD milliseconds)
{
  bool done;

  AcquireSRWLockExclusive(&job->lock);
  if (!job->done)
    SleepConditionVariableSRW(&job->changed, &job->lock, milliseconds, 0);
  done = job->done;
  ReleaseSRWLockExclusive(&job->lock);
  return done;
}

/* After WSAEINTR the thread goes on with the close; the handle cannot be used in either case. */
static int lingering_close_wait_with_callback(struct lingering_close *job)
{
  do {
    if (blocking_is_cancelled(&job->operation))
      return WSAEINTR;
    if (job->callback != NULL && !job->callback(job->context))
      return WSAEINTR;
  } while (!lingering_close_is_done(job, TICK_MILLISECONDS));
  return job->error;
}

/* A close that has begun cannot be undone. If the callback cannot be had, it is waited for without
 * one. */
static int lingering_close_wait(struct lingering_close *job)
{
  HANDLE wake;
  int error;

  if (lingering_close_is_done(job, FIRST_MILLISECONDS))
    return job->error;
  if (blocking_begin(&job->operation, &wake) != 0) {
    while (!lingering_close_is_done(job, INFINITE))
      continue;
    return job->error;
  }
  if (wpu_query_blocking_callback(job->operation.catalog_entry_id, &job->callback, &job->context) !=
      0)
    job->callback = NULL;
  error = lingering_close_wait_with_callback(job);
  if (!blocking_end(&job->operation)) {
    /* The hook has switched fibers. The thread that began abandons the job when it ends. */
    atomic_fetch_add(&job->references, 1);
    atomic_fetch_add(&job->socket->references, 1);
  }
  return error;
}

static int socket_close_in_thread(struct base_socket *socket)
{
  struct lingering_close *job = lingering_close_new(socket);
  int error;

  if (job == NULL)
    return socket_close_directly(socket, socket->handle);
  socket_table_forget(socket->handle);
  socket_close_end_waits(socket, socket->handle);
  if (lingering_close_start(job)) {
    error = lingering_close_wait(job);
  } else {
    lingering_close_release(job);
    error = socket_close_by_system(socket->handle);
    base_socket_unlist(socket);
  }
  lingering_close_release(job);
  return error;
}

static bool socket_close_lingers(const struct base_socket *socket)
{
  struct linger linger = {0, 0};
  int size = sizeof linger;

  if (atomic_load(&socket->nonblocking) || !base_socket_is_stream(socket))
    return false;
  return system_winsock()->getsockopt(socket->handle, SOL_SOCKET, SO_LINGER, (char *)&linger,
                                      &size) == 0 &&
         linger.l_onoff != 0 && linger.l_linger != 0;
}

/* --- the procedure -------------------------------------------------------------------- */

/* base_enter would refuse a socket whose stream was aborted. */
int WSPAPI base_close_socket(SOCKET s, LPINT lpErrno)
{
  struct base_socket *socket;
  bool lingers;
  int error;

  if (!spi_begin_in("WSPCloseSocket", lpErrno))
    return SOCKET_ERROR;
  socket = base_socket_acquire(s);
  if (socket == NULL)
    return spi_fail_in("WSPCloseSocket", lpErrno, WSAENOTSOCK);
  lingers = socket_close_lingers(socket);
  if (lingers && blocking_in_callback())
    error = WSAEINPROGRESS;
  else if (!base_socket_begin_close(socket))
    error = WSAENOTSOCK;
  else
    error =
        lingers ? socket_close_in_thread(socket) : socket_close_directly(socket, socket->handle);
  return base_leave("WSPCloseSocket", socket, lpErrno, error);
}
