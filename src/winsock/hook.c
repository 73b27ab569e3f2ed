#include "blocking/hook_error_text.h"
#include "blocking/operation.h"
#include "blocking/winsock_state.h"
#include "platform/caller_memory.h"
#include "platform/log.h"

#include <string.h>

/* FARPROC and the type of a hook are both pointers to code of the same size. */
static blocking_hook hook_from_farproc(FARPROC function)
{
  blocking_hook hook;

  memcpy(&hook, &function, sizeof hook);
  return hook;
}

static FARPROC hook_to_farproc(blocking_hook hook)
{
  FARPROC function;

  memcpy(&function, &hook, sizeof function);
  return function;
}

/* WSASetBlockingHook returns this as the previous hook of a thread without one: NULL would mean
 * failure, and a program may call what it gets. It does what the 1.1 specification says of the
 * default hook. */
static BOOL CALLBACK hook_default(void)
{
  MSG message;

  if (!PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
    return FALSE;
  TranslateMessage(&message);
  DispatchMessageW(&message);
  return TRUE;
}

static int hook_error(const struct thread_record *record)
{
  const int error = winsock_state_hook_error();

  if (error == WSANOTINITIALISED)
    return error;
  if (record != NULL && record->in_callback)
    return WSAEINPROGRESS;
  return error;
}

static void hook_replace(struct thread_record *record, blocking_hook hook)
{
  record->hook = hook;
  operation_end_all_but_waits(record); /* mutant: operations_outlive_hook */
}

static int hook_set(blocking_hook hook, blocking_hook *previous)
{
  struct thread_record *record = thread_record_get();
  const int error = hook_error(record);

  if (error != 0)
    return error;
  if (!caller_can_execute((const void *)(uintptr_t)hook))
    return WSAEFAULT;
  *previous = record != NULL && record->hook != NULL ? record->hook : hook_default;
  if (hook != hook_default && record == NULL) {
    record = thread_record_get_or_create();
    if (record == NULL)
      return WSASYSCALLFAILURE;
  }
  if (record != NULL)
    hook_replace(record, hook == hook_default ? NULL : hook);
  return 0;
}

FARPROC WSAAPI WSASetBlockingHook(FARPROC lpBlockFunc)
{
  blocking_hook previous = NULL;
  const int error = hook_set(hook_from_farproc(lpBlockFunc), &previous);

  if (error == 0)
    return hook_to_farproc(previous);
  log_event("WSASetBlockingHook refused %p: error %d, %s", (void *)(uintptr_t)lpBlockFunc, error,
            hook_error_text(error));
  SetLastError((DWORD)error);
  return NULL;
}

int WSAAPI WSAUnhookBlockingHook(void)
{
  struct thread_record *record = thread_record_get();
  int error = hook_error(record);

  /* A hook that was set before the process asked for 2.x can still be removed. */
  if (error == WSAEOPNOTSUPP && record != NULL && record->hook != NULL)
    error = 0;
  if (error != 0) {
    log_event("WSAUnhookBlockingHook: error %d, %s", error, hook_error_text(error));
    SetLastError((DWORD)error);
    return SOCKET_ERROR;
  }
  if (record != NULL)
    hook_replace(record, NULL);
  return 0;
}

/* The specification defines no error for it. */
WINBOOL WSAAPI WSAIsBlocking(void)
{
  return blocking_in_callback();
}
