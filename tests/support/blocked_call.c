#include "support/cmocka_headers.h"

#include "support/blocked_call.h"

/* --- the calls ------------------------------------------------------------------------ */

void blocked_receive(struct blocked_call *call)
{
  call->result = receive(call->s, call->buffer, sizeof call->buffer, &call->error);
}

void blocked_peek(struct blocked_call *call)
{
  call->result = receive_flags(call->s, call->buffer, sizeof call->buffer, MSG_PEEK, &call->error);
}

void blocked_urgent_peek(struct blocked_call *call)
{
  call->result = receive_flags(call->s, call->buffer, 1, MSG_PEEK | MSG_OOB, &call->error);
}

void blocked_select(struct blocked_call *call)
{
  fd_set set;

  FD_ZERO(&set);
  FD_SET(call->s, &set);
  call->result = base.lpWSPSelect(0, &set, NULL, NULL, NULL, &call->error);
}

void blocked_accept(struct blocked_call *call)
{
  const SOCKET accepted = base.lpWSPAccept(call->s, NULL, NULL, NULL, 0, &call->error);
  int ignored;

  call->result = accepted == INVALID_SOCKET ? SOCKET_ERROR : 0;
  if (accepted != INVALID_SOCKET)
    base.lpWSPCloseSocket(accepted, &ignored);
}

/* --- the thread ----------------------------------------------------------------------- */

static HANDLE hook_has_run;

static BOOL CALLBACK tell_that_it_waits(void)
{
  SetEvent(hook_has_run);
  return FALSE;
}

static DWORD WINAPI make_call(void *parameter)
{
  struct blocked_call *call = parameter;

  call->make(call);
  return 0;
}

static DWORD WINAPI make_call_with_hook(void *parameter)
{
  struct blocked_call *call = parameter;

  WSASetBlockingHook((FARPROC)tell_that_it_waits);
  call->make(call);
  return 0;
}

static void start(struct blocked_call *call, LPTHREAD_START_ROUTINE thread,
                  void (*make)(struct blocked_call *call), SOCKET s)
{
  *call = (struct blocked_call){.make = make, .s = s, .result = UNTOUCHED, .error = UNTOUCHED};
  call->thread = start_thread(thread, call, &call->thread_id);
}

void start_call(struct blocked_call *call, void (*make)(struct blocked_call *call), SOCKET s)
{
  start(call, make_call, make, s);
}

void start_call_and_wait_for_hook(struct blocked_call *call,
                                  void (*make)(struct blocked_call *call), SOCKET s)
{
  if (hook_has_run == NULL)
    hook_has_run = CreateEventW(NULL, TRUE, FALSE, NULL);
  assert_non_null(hook_has_run);
  ResetEvent(hook_has_run);
  start(call, make_call_with_hook, make, s);
  assert_int_equal(WaitForSingleObject(hook_has_run, LONG_TIME), WAIT_OBJECT_0);
}

void join_call(struct blocked_call *call)
{
  join_thread(call->thread);
}

void join_failed_call(struct blocked_call *call, int error)
{
  join_call(call);
  assert_int_equal(call->result, SOCKET_ERROR);
  assert_int_equal(call->error, error);
}
