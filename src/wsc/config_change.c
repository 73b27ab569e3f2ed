/* The handle that a program gets is one end of a pipe, so that the system itself does what
 * a wait can ask for: events, completion ports, GetOverlappedResult, and the end of what is
 * pending when the handle is closed. A change is a byte for each read that waits in the pipe.
 *
 * The pipe has no buffer, so a write of which nobody has read yet is still under way, and is
 * cancelled (namedpipeapi/nf-namedpipeapi-createnamedpipew: where the quota is too small a
 * write waits until its data is read). Nothing is ever left in the pipe, whatever became of the
 * waits: cancelled, failed, or of a thread that ended.
 *
 * Lifetime: a watcher lives until its program has closed its end, which is found out at the
 * next change or call. The thread pool waits for changes in a function of this DLL,
 * which therefore stays loaded from the first handle on. */
#include "wsc/config_change.h"

#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/system_winsock.h"
#include "wsc/arguments.h"

#include <string.h>

struct watcher {
  struct watcher *next;
  HANDLE handle; /* the program's end: a value to compare with, perhaps closed long ago */
  HANDLE ours;
  DWORD serial; /* of the catalog when it was made, or was last told */
  bool is_news; /* a change that nobody waited for: the next wait is told of it, once */
};

/* Lock: guards everything below. It is held while a byte is offered, a pipe looked at or a read
 * begun, none of which waits for anybody, since the pipes are overlapped. So a watcher is not
 * freed meanwhile, and a wait begins before a change is told or behind it: what is told goes
 * to those that have begun, and one that begins is told of what nobody got. */
static SRWLOCK lock = SRWLOCK_INIT;
static struct watcher *watchers;
static HANDLE changed;      /* what stores set */
static bool is_armed;       /* the next change sets it */
static HANDLE offered;      /* the event of the write under way */
static ULONGLONG looks;     /* at the store, by numbers */
static ULONGLONG last_look; /* that was told of */
static char sink;           /* where bytes are read to that nobody looks at */

/* --- telling ---------------------------------------------------------------------------- */

static bool is_open(const struct watcher *watcher)
{
  return PeekNamedPipe(watcher->ours, NULL, 0, NULL, NULL, NULL) != 0;
}

enum offer { TAKEN, NOBODY_WAITS, NOT_MADE /* for want of memory, or the pipe is broken */ };

/* Ends one wait. */
static enum offer offer_byte(const struct watcher *watcher)
{
  OVERLAPPED own = {.hEvent = offered};
  DWORD written;

  if (WriteFile(watcher->ours, &sink, 1, NULL, &own))
    return TAKEN;
  if (GetLastError() != ERROR_IO_PENDING)
    return NOT_MADE;
  CancelIo(watcher->ours);
  return GetOverlappedResult(watcher->ours, &own, &written, TRUE) ? TAKEN : NOBODY_WAITS;
}

/* All waits that are under way, or the next one. None can begin meanwhile, so this ends. Those that
 * could not be told now are told of the next change. */
static void tell(struct watcher *watcher)
{
  enum offer offer = offer_byte(watcher);

  watcher->is_news = offer != TAKEN;
  while (offer == TAKEN)
    offer = offer_byte(watcher);
  if (offer == NOT_MADE)
    watcher->is_news = true;
}

static void tell_all(DWORD serial, bool is_change)
{
  struct watcher **link = &watchers;

  while (*link != NULL) {
    struct watcher *watcher = *link;

    if (is_open(watcher)) {
      if (is_change || watcher->serial != serial)
        tell(watcher);
      watcher->serial = serial;
      link = &watcher->next;
    } else {
      *link = watcher->next;
      CloseHandle(watcher->ours);
      heap_free(watcher);
    }
  }
}

static ULONGLONG begin_look(void)
{
  ULONGLONG look;

  AcquireSRWLockExclusive(&lock);
  look = ++looks;
  ReleaseSRWLockExclusive(&lock);
  return look;
}

/* First armed, then compared: a change in between is told, and once. What sets the event
 * without a change, such as the end of the thread that armed it, is not told, nor what was
 * read before a later look that was told already: that one armed the event for all that came
 * behind it. That the system's catalog was opened is told too, though its changes cannot be
 * followed. 0, WSA_NOT_ENOUGH_MEMORY or WSAEOPNOTSUPP: changes are not followed now. */
static int arm_and_tell(bool is_change)
{
  const ULONGLONG look = begin_look();
  const struct catalog_store *store = catalog_store_in_use();
  DWORD serial = 0;
  int error = store->notify(changed);

  if (error == 0)
    error = store->serial(&serial);
  AcquireSRWLockExclusive(&lock);
  if (look == looks)
    is_armed = error == 0;
  /* Who waits would never be told again: it is told now, and its next wait arms. */
  if (is_change || error != 0 || look > last_look) {
    tell_all(serial, is_change || error != 0);
    last_look = look > last_look ? look : last_look;
  }
  ReleaseSRWLockExclusive(&lock);
  if (error == 0 || error == WSA_NOT_ENOUGH_MEMORY)
    return error;
  return WSAEOPNOTSUPP;
}

static int arm_again(void)
{
  bool armed;

  AcquireSRWLockShared(&lock);
  armed = is_armed;
  ReleaseSRWLockShared(&lock);
  return armed ? 0 : arm_and_tell(false);
}

static void CALLBACK on_change(PVOID unused, BOOLEAN timed_out)
{
  (void)unused;
  (void)timed_out;
  arm_and_tell(false);
}

void config_change_store_opened(void)
{
  HANDLE event;

  AcquireSRWLockShared(&lock);
  event = changed;
  ReleaseSRWLockShared(&lock);
  if (event != NULL)
    arm_and_tell(true);
}

/* --- the first call ------------------------------------------------------------------------ */

static bool stay_loaded(void)
{
  HMODULE self;

  return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                            (const WCHAR *)(const void *)&sink, &self) != 0;
}

static BOOL CALLBACK begin_to_watch(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
  const HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
  const HANDLE write_event = CreateEventW(NULL, TRUE, FALSE, NULL);
  HANDLE wait;

  (void)once;
  (void)parameter;
  (void)context;
  if (event == NULL || write_event == NULL || !stay_loaded() ||
      !RegisterWaitForSingleObject(&wait, event, on_change, NULL, INFINITE,
                                   WT_EXECUTEINWAITTHREAD)) {
    if (event != NULL)
      CloseHandle(event);
    if (write_event != NULL)
      CloseHandle(write_event);
    return FALSE;
  }
  AcquireSRWLockExclusive(&lock);
  changed = event;
  offered = write_event;
  ReleaseSRWLockExclusive(&lock);
  return TRUE;
}

/* The name serves only to join the two ends. */
static bool make_pipe(struct watcher *watcher)
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

static int add_watcher(HANDLE *handle)
{
  static INIT_ONCE watching = INIT_ONCE_STATIC_INIT;
  struct watcher *watcher;
  DWORD serial = 0;
  int error;

  if (!InitOnceExecuteOnce(&watching, begin_to_watch, NULL, NULL))
    return WSA_NOT_ENOUGH_MEMORY;
  error = arm_and_tell(false);
  if (error == 0 && catalog_store_in_use()->serial(&serial) != 0)
    error = WSA_NOT_ENOUGH_MEMORY;
  if (error != 0)
    return error;
  watcher = heap_allocate(sizeof *watcher);
  if (watcher == NULL || !make_pipe(watcher)) {
    heap_free(watcher);
    return WSA_NOT_ENOUGH_MEMORY;
  }
  *handle = watcher->handle;
  watcher->serial = serial;
  AcquireSRWLockExclusive(&lock);
  watcher->next = watchers;
  watchers = watcher;
  ReleaseSRWLockExclusive(&lock);
  arm_and_tell(false); /* of a change that came before it was in the list */
  return 0;
}

/* --- later calls ------------------------------------------------------------------------------ */

/* NULL if the handle is not one of ours that is still open: its value may be that of
 * something else by now. Entered with the lock. */
static struct watcher *find_watcher(HANDLE handle)
{
  struct watcher *watcher = watchers;

  while (watcher != NULL && (watcher->handle != handle || !is_open(watcher)))
    watcher = watcher->next;
  return watcher;
}

static bool is_ours(HANDLE handle)
{
  bool is;

  AcquireSRWLockExclusive(&lock);
  is = find_watcher(handle) != NULL;
  ReleaseSRWLockExclusive(&lock);
  return is;
}

static int outcome(BOOL succeeded)
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
static int begin_read(HANDLE handle, OVERLAPPED *overlapped,
                      LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
  if (routine == NULL)
    return outcome(ReadFile(handle, &sink, 1, NULL, overlapped));
  return ReadFileEx(handle, &sink, 1, overlapped, routine) ? WSA_IO_PENDING : outcome(FALSE);
}

static int begin_wait(HANDLE handle, OVERLAPPED *overlapped,
                      LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
  struct watcher *watcher;
  int error = WSA_INVALID_HANDLE;

  AcquireSRWLockExclusive(&lock);
  watcher = find_watcher(handle);
  if (watcher != NULL)
    error = begin_read(handle, overlapped, routine);
  if (error == WSA_IO_PENDING && watcher->is_news)
    watcher->is_news = offer_byte(watcher) != TAKEN;
  ReleaseSRWLockExclusive(&lock);
  return error;
}

static int wait_here(HANDLE handle)
{
  OVERLAPPED own = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  DWORD bytes;
  int error;

  if (own.hEvent == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  error = begin_wait(handle, &own, NULL);
  if (error == WSA_IO_PENDING)
    error = outcome(GetOverlappedResult(handle, &own, &bytes, TRUE));
  CloseHandle(own.hEvent);
  return error;
}

/* A routine of Winsock has an argument more than one of ReadFileEx. */
struct routine_call {
  OVERLAPPED own; /* first: the completion gives its address */
  WSAOVERLAPPED *overlapped;
  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
};

static void CALLBACK call_routine(DWORD error, DWORD bytes, LPOVERLAPPED own)
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

static int wait_with_routine(HANDLE handle, WSAOVERLAPPED *overlapped,
                             LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  struct routine_call *call = heap_allocate(sizeof *call);
  int error;

  if (call == NULL)
    return WSA_NOT_ENOUGH_MEMORY;
  call->overlapped = overlapped;
  call->routine = routine;
  error = begin_wait(handle, &call->own, call_routine);
  if (error != WSA_IO_PENDING)
    heap_free(call);
  return error; /* pending: the routine comes in any case */
}

static int wait_for_change(HANDLE handle, WSAOVERLAPPED *overlapped,
                           LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  int error;

  if (overlapped != NULL && !caller_can_write(overlapped, sizeof *overlapped))
    return WSAEFAULT;
  if (!is_ours(handle))
    return WSA_INVALID_HANDLE;
  error = store_is_system() ? 0 : arm_again();
  if (error != 0)
    return error;
  if (overlapped == NULL)
    return wait_here(handle);
  if (routine != NULL)
    return wait_with_routine(handle, overlapped, routine);
  return begin_wait(handle, overlapped, NULL);
}

/* --- the whole --------------------------------------------------------------------------------- */

static int hand_on(HANDLE *handle, WSAOVERLAPPED *overlapped,
                   LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  LPFN_WSAPROVIDERCONFIGCHANGE function;

  if (!system_winsock_find("WSAProviderConfigChange", &function, sizeof function))
    return WSAEOPNOTSUPP;
  return function(handle, overlapped, routine) == 0 ? 0 : (int)GetLastError();
}

/* A handle of ours stays so whatever catalog is open by now: the system knows nothing of it. */
int config_change_wait(HANDLE *caller_handle, WSAOVERLAPPED *overlapped,
                       LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  HANDLE handle;
  int error;

  if (!caller_read(&handle, caller_handle, sizeof handle) ||
      !caller_can_write(caller_handle, sizeof handle))
    return WSAEFAULT;
  if (store_is_system() && (handle == NULL || !is_ours(handle)))
    return hand_on(caller_handle, overlapped, routine);
  if (handle != NULL)
    return wait_for_change(handle, overlapped, routine);
  error = add_watcher(&handle);
  if (error == 0 && !caller_write(caller_handle, &handle, sizeof handle)) {
    CloseHandle(handle);
    error = WSAEFAULT;
  }
  return error;
}
