/* A program's notification handle is one end of a pipe, so that the system itself provides what a
 * program can use on it: events, completion ports, GetOverlappedResult, and the end of pending
 * waits when the handle is closed. Each wait is a pending read, and a change writes one byte for
 * each of them.
 *
 * The pipe has no buffer, so a write that no read has taken stays pending, and is
 * cancelled (namedpipeapi/nf-namedpipeapi-createnamedpipew: if the quota is too small, a
 * write waits until its data is read). No byte is ever left in the pipe, even if a
 * wait was cancelled, failed, or belonged to a thread that ended.
 *
 * Lifetime: a watcher lives until the program has closed its end of the pipe. That is noticed at
 * the next change or call. The thread pool waits for changes in a function of this DLL, which
 * therefore stays loaded once it has made the first handle. */
#include "wsc/config_change.h"

#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "wsc/arguments.h"
#include "wsc/forward.h"

#include <string.h>

struct watcher {
  struct watcher *next;
  HANDLE handle; /* the program's end: only compared, since the program may have closed it */
  HANDLE ours;
  DWORD serial;              /* of the catalog, at the last notification or when it was made */
  bool notification_pending; /* nobody waited for the last change: the next wait ends at once */
};

/* Lock: guards everything below. It is held while a byte is written, a pipe is examined or a read
 * is started. None of these waits, since the pipes are overlapped. It keeps watchers alive, and it
 * puts the start of a wait either before a notification, which then ends the wait, or behind it,
 * and then the wait finds notification_pending. */
static SRWLOCK lock = SRWLOCK_INIT;
static struct watcher *watchers;
static HANDLE changed;           /* the event that a store sets at a change */
static bool is_armed;            /* whether the store will set it at the next change */
static HANDLE write_event;       /* of the write in progress */
static ULONGLONG last_check;     /* each comparison with the store's serial has a number */
static ULONGLONG last_notifying; /* the highest number whose result was used */
static char discard_byte;        /* all reads go here */

/* --- notifying ------------------------------------------------------------------------ */

static bool change_watcher_is_open(const struct watcher *watcher)
{
  return PeekNamedPipe(watcher->ours, NULL, 0, NULL, NULL, NULL) != 0;
}

enum write_outcome {
  WRITE_TAKEN,
  WRITE_NOT_TAKEN, /* no wait is pending */
  WRITE_FAILED     /* out of memory, or the pipe is broken */
};

/* Ends one wait, if there is any. */
static enum write_outcome change_write_byte(const struct watcher *watcher)
{
  OVERLAPPED own = {.hEvent = write_event};
  DWORD written;

  if (WriteFile(watcher->ours, &discard_byte, 1, NULL, &own))
    return WRITE_TAKEN;
  if (GetLastError() != ERROR_IO_PENDING)
    return WRITE_FAILED;
  CancelIo(watcher->ours);
  return GetOverlappedResult(watcher->ours, &own, &written, TRUE) ? WRITE_TAKEN : WRITE_NOT_TAKEN;
}

/* Ends all pending waits. If no wait is pending, the next one ends at once; so it does after a write
 * that failed. No wait can start in between, so the loop ends. */
static void change_notify(struct watcher *watcher)
{
  enum write_outcome outcome = change_write_byte(watcher);

  watcher->notification_pending = outcome != WRITE_TAKEN;
  while (outcome == WRITE_TAKEN)
    outcome = change_write_byte(watcher);
  if (outcome == WRITE_FAILED)
    watcher->notification_pending = true;
}

/* Notifies the watchers that have not seen this serial, or all of them if is_change, and frees
 * those whose handle the program has closed. */
static void change_notify_all(DWORD serial, bool is_change)
{
  struct watcher **link = &watchers;

  while (*link != NULL) {
    struct watcher *watcher = *link;

    if (change_watcher_is_open(watcher)) {
      if (is_change || watcher->serial != serial)
        change_notify(watcher);
      watcher->serial = serial;
      link = &watcher->next;
    } else {
      *link = watcher->next;
      CloseHandle(watcher->ours);
      heap_free(watcher);
    }
  }
}

static ULONGLONG change_number_check(void)
{
  ULONGLONG number;

  AcquireSRWLockExclusive(&lock);
  number = ++last_check;
  ReleaseSRWLockExclusive(&lock);
  return number;
}

/* Arms the event and then compares serials, in this order, so that a change in between is notified,
 * and only once. If something other than a change sets the event, such as the end of the thread
 * that armed it, the serial is the same and nobody is notified. A serial that was read before a
 * later check, whose result has been used already, is ignored: the later check armed the event for
 * every later change. Opening the system's catalog is notified too, although its changes cannot be
 * watched. Returns 0, or why changes are not watched now: WSA_NOT_ENOUGH_MEMORY or
 * WSAEOPNOTSUPP. */
static int change_arm_and_notify(bool is_change)
{
  const ULONGLONG check = change_number_check();
  const struct catalog_store *store = catalog_store_in_use();
  DWORD serial = 0;
  int error = store->notify(changed);

  if (error == 0)
    error = store->serial(&serial);
  AcquireSRWLockExclusive(&lock);
  if (check == last_check)
    is_armed = error == 0;
  /* After an error no later change would end the pending waits, so they end now; the next wait
   * tries to arm the event again. */
  if (is_change || error != 0 || check > last_notifying) {
    change_notify_all(serial, is_change || error != 0);
    last_notifying = check > last_notifying ? check : last_notifying;
  }
  ReleaseSRWLockExclusive(&lock);
  if (error == 0 || error == WSA_NOT_ENOUGH_MEMORY)
    return error;
  return WSAEOPNOTSUPP;
}

static int change_arm_if_needed(void)
{
  bool armed;

  AcquireSRWLockShared(&lock);
  armed = is_armed;
  ReleaseSRWLockShared(&lock);
  return armed ? 0 : change_arm_and_notify(false);
}

static void CALLBACK change_event_set(PVOID unused, BOOLEAN timed_out)
{
  (void)unused;
  (void)timed_out;
  change_arm_and_notify(false);
}

void config_change_store_opened(void)
{
  HANDLE event;

  AcquireSRWLockShared(&lock);
  event = changed;
  ReleaseSRWLockShared(&lock);
  if (event != NULL)
    change_arm_and_notify(true);
}

/* --- the first call ------------------------------------------------------------------- */

static bool change_pin_module(void)
{
  HMODULE self;

  return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                            (const WCHAR *)(const void *)&discard_byte, &self) != 0;
}

static BOOL CALLBACK change_watch_store(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
  const HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
  const HANDLE for_writes = CreateEventW(NULL, TRUE, FALSE, NULL);
  HANDLE wait;

  (void)once;
  (void)parameter;
  (void)context;
  if (event == NULL || for_writes == NULL || !change_pin_module() ||
      !RegisterWaitForSingleObject(&wait, event, change_event_set, NULL, INFINITE,
                                   WT_EXECUTEINWAITTHREAD)) {
    if (event != NULL)
      CloseHandle(event);
    if (for_writes != NULL)
      CloseHandle(for_writes);
    return FALSE;
  }
  AcquireSRWLockExclusive(&lock);
  changed = event;
  write_event = for_writes;
  ReleaseSRWLockExclusive(&lock);
  return TRUE;
}

/* The name only joins the two ends. */
static bool change_make_pipe(struct watcher *watcher)
{
  static volatile LONG number;
  WCHAR name[64];

  wsprintfW(name, L"\\\\.\\pipe\\ws2spi-change-%lx-%lx-%lx", GetCurrentProcessId(),
            InterlockedIncrement(&number), GetTickCount());
  watcher->ours = CreateNamedPipeW(
      name, PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE | FILE_FLAG_OVERLAPPED,
      PIPE_TYPE_BYTE | PIPE_READMODE_BYTE, 1, 0, 0, 0, NULL);
  if (watcher->ours == INVALID_HANDLE_VALUE)
    return false;
  watcher->handle =
      CreateFileW(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
  if (watcher->handle == INVALID_HANDLE_VALUE)
    CloseHandle(watcher->ours);
  return watcher->handle != INVALID_HANDLE_VALUE;
}

static int change_add_watcher(HANDLE *handle)
{
  static INIT_ONCE watching = INIT_ONCE_STATIC_INIT;
  struct watcher *watcher;
  DWORD serial = 0;
  int error;

  if (!InitOnceExecuteOnce(&watching, change_watch_store, NULL, NULL))
    return WSA_NOT_ENOUGH_MEMORY;
  error = change_arm_and_notify(false);
  if (error == 0 && catalog_store_in_use()->serial(&serial) != 0)
    error = WSA_NOT_ENOUGH_MEMORY;
  if (error != 0)
    return error;
  watcher = heap_allocate(sizeof *watcher);
  if (watcher == NULL || !change_make_pipe(watcher)) {
    heap_free(watcher);
    return WSA_NOT_ENOUGH_MEMORY;
  }
  *handle = watcher->handle;
  watcher->serial = serial;
  AcquireSRWLockExclusive(&lock);
  watcher->next = watchers;
  watchers = watcher;
  ReleaseSRWLockExclusive(&lock);
  change_arm_and_notify(false); /* for a change from before it was in the list */
  return 0;
}

/* --- later calls ---------------------------------------------------------------------- */

/* NULL if the handle is not one of ours, or has been closed and its value may belong to another
 * object. Called with the lock held. */
static struct watcher *change_find_watcher(HANDLE handle)
{
  struct watcher *watcher = watchers;

  while (watcher != NULL && (watcher->handle != handle || !change_watcher_is_open(watcher)))
    watcher = watcher->next;
  return watcher;
}

static bool change_is_our_handle(HANDLE handle)
{
  bool is_ours;

  AcquireSRWLockExclusive(&lock);
  is_ours = change_find_watcher(handle) != NULL;
  ReleaseSRWLockExclusive(&lock);
  return is_ours;
}

static int change_error_of(BOOL succeeded)
{
  const DWORD error = succeeded ? 0 : GetLastError();

  switch (error) {
  case 0:
    return 0;
  case ERROR_IO_PENDING:
    return WSA_IO_PENDING;
  case ERROR_NOT_ENOUGH_MEMORY:
    return WSA_NOT_ENOUGH_MEMORY;
  default:
    return WSA_INVALID_HANDLE;
  }
}

/* The routine may be NULL. */
static int change_start_read(HANDLE handle, OVERLAPPED *overlapped,
                             LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
  if (routine == NULL)
    return change_error_of(ReadFile(handle, &discard_byte, 1, NULL, overlapped));
  return ReadFileEx(handle, &discard_byte, 1, overlapped, routine) ? WSA_IO_PENDING
                                                                   : change_error_of(FALSE);
}

static int change_start_wait(HANDLE handle, OVERLAPPED *overlapped,
                             LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
  struct watcher *watcher;
  int error = WSA_INVALID_HANDLE;

  AcquireSRWLockExclusive(&lock);
  watcher = change_find_watcher(handle);
  if (watcher != NULL)
    error = change_start_read(handle, overlapped, routine);
  if (error == WSA_IO_PENDING && watcher->notification_pending)
    watcher->notification_pending = change_write_byte(watcher) != WRITE_TAKEN;
  ReleaseSRWLockExclusive(&lock);
  return error;
}

static int change_wait_blocking(HANDLE handle)
{
  OVERLAPPED own = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  DWORD bytes;
  int error;

  if (own.hEvent == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  error = change_start_wait(handle, &own, NULL);
  if (error == WSA_IO_PENDING)
    error = change_error_of(GetOverlappedResult(handle, &own, &bytes, TRUE));
  CloseHandle(own.hEvent);
  return error;
}

/* A Winsock completion routine has one argument more than a routine of ReadFileEx. */
struct routine_call {
  OVERLAPPED own; /* first: the completion gives its address */
  WSAOVERLAPPED *overlapped;
  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
};

static void CALLBACK change_call_routine(DWORD error, DWORD bytes, LPOVERLAPPED own)
{
  struct routine_call call = *(struct routine_call *)own;

  (void)bytes;
  heap_free(own);
  if (error != 0)
    error = WSA_OPERATION_ABORTED;
  call.overlapped->Internal = call.own.Internal;
  call.overlapped->InternalHigh = 0;
  call.routine(error, 0, call.overlapped, 0);
}

static int change_wait_with_routine(HANDLE handle, WSAOVERLAPPED *overlapped,
                                    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  struct routine_call *call = heap_allocate(sizeof *call);
  int error;

  if (call == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  call->overlapped = overlapped;
  call->routine = routine;
  error = change_start_wait(handle, &call->own, change_call_routine);
  if (error != WSA_IO_PENDING)
    heap_free(call);
  return error; /* if pending, the routine is called in any case, and frees the call */
}

static int change_wait(HANDLE handle, WSAOVERLAPPED *overlapped,
                       LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  int error;

  if (overlapped != NULL && !caller_can_write(overlapped, sizeof *overlapped))
    return WSAEFAULT;
  if (!change_is_our_handle(handle))
    return WSA_INVALID_HANDLE;
  error = store_is_system() ? 0 : change_arm_if_needed();
  if (error != 0)
    return error;
  if (overlapped == NULL)
    return change_wait_blocking(handle);
  if (routine != NULL)
    return change_wait_with_routine(handle, overlapped, routine);
  return change_start_wait(handle, overlapped, NULL);
}

/* --- the entry point ------------------------------------------------------------------ */

static int change_forward_to_system(HANDLE *handle, WSAOVERLAPPED *overlapped,
                                    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  const int result =
      FORWARD_TO_SYSTEM(WSAProviderConfigChange, (SetLastError(WSAEOPNOTSUPP), SOCKET_ERROR),
                        handle, overlapped, routine);

  return result == 0 ? 0 : (int)GetLastError();
}

/* A handle that we made is served here even while the system's catalog is open, since the system
 * does not know it. */
int config_change_wait(HANDLE *caller_handle, WSAOVERLAPPED *overlapped,
                       LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  HANDLE handle;
  int error;

  if (!caller_read(&handle, caller_handle, sizeof handle) ||
      !caller_can_write(caller_handle, sizeof handle))
    return WSAEFAULT;
  if (store_is_system() && (handle == NULL || !change_is_our_handle(handle)))
    return change_forward_to_system(caller_handle, overlapped, routine);
  if (handle != NULL)
    return change_wait(handle, overlapped, routine);
  error = change_add_watcher(&handle);
  if (error == 0 && !caller_write(caller_handle, &handle, sizeof handle)) {
    CloseHandle(handle);
    error = WSAEFAULT;
  }
  return error;
}
