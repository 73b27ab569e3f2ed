#include "blocking/hook_error_text.h"
#include "blocking/operation.h"
#include "blocking/winsock_state.h"
#include "platform/caller_memory.h"
#include "platform/log.h"

#include <string.h>

/* FARPROC and the hook's own type are both code pointers of the same size. */
static blocking_hook hook_from(FARPROC function)
{
  blocking_hook hook;

  memcpy(&hook, &function, sizeof hook);
  return hook;
}

static FARPROC function_from(blocking_hook hook)
{
  FARPROC function;

  memcpy(&function, &hook, sizeof function);
  return function;
}

/* What WSASetBlockingHook returns for a thread without a hook. NULL would mean
 * failure, so there must be something to return, and a program may call it. Its
 * behaviour is the one the 1.1 specification gives for the default hook. */
static BOOL CALLBACK default_hook(void)
{
  MSG message;

  if (!PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
    return FALSE;
  TranslateMessage(&message);
  DispatchMessageW(&message);
  return TRUE;
}

static int refuse(const struct thread_record *record)
{
  const int error = winsock_state_refuses_hooks();

  if (error == WSANOTINITIALISED)
    return error;
  if (record != NULL && record->in_callback)
    return WSAEINPROGRESS;
  return error;
}

static void replace_hook(struct thread_record *record, blocking_hook hook)
{
  record->hook = hook;
  operation_end_all_foreign(record);
}

static int set_hook(blocking_hook hook, blocking_hook *previous)
{
  struct thread_record *record = thread_record_get();
  const int error = refuse(record);

  if (error != 0)
    return error;
  if (!caller_can_execute((const void *)(uintptr_t)hook))
    return WSAEFAULT;
  *previous = record != NULL && record->hook != NULL ? record->hook : default_hook;
  if (hook != default_hook && record == NULL) {
    record = thread_record_get_or_create();
    if (record == NULL)
      return WSASYSCALLFAILURE;
  }
  if (record != NULL)
    replace_hook(record, hook == default_hook ? NULL : hook);
  return 0;
}

FARPROC WSAAPI WSASetBlockingHook(FARPROC lpBlockFunc)
{
  blocking_hook previous = NULL;
  const int error = set_hook(hook_from(lpBlockFunc), &previous);

  if (error == 0)
    return function_from(previous);
  log_event("WSASetBlockingHook refused %p: error %d, %s", (void *)(uintptr_t)lpBlockFunc, error,
            refusal_reason(error));
  SetLastError((DWORD)error);
  return NULL;
}

int WSAAPI WSAUnhookBlockingHook(void)
{
  struct thread_record *record = thread_record_get();
  int error = refuse(record);

  /* A hook that was set before the process asked for 2.x can still be removed. */
  if (error == WSAEOPNOTSUPP && record != NULL && record->hook != NULL)
    error = 0;
  if (error != 0) {
    log_event("WSAUnhookBlockingHook: error %d, %s", error, refusal_reason(error));
    SetLastError((DWORD)error);
    return SOCKET_ERROR;
  }
  if (record != NULL)
    replace_hook(record, NULL);
  return 0;
}

/* The specification gives it no error to set. */
WINBOOL WSAAPI WSAIsBlocking(void)
{
  return blocking_in_callback();
}
