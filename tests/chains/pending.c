#include "chains/pending.h"

static void prepare(struct pending *call, HANDLE event)
{
  memset(call, 0, sizeof *call);
  call->overlapped.hEvent = event;
  call->bytes = UNTOUCHED;
  call->error = UNTOUCHED;
}

void start_receive(struct pending *call, SOCKET s, HANDLE event,
                   LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread)
{
  WSABUF list = {sizeof call->buffer, call->buffer};

  prepare(call, event);
  call->result = base.lpWSPRecv(s, &list, 1, &call->bytes, &call->flags, &call->overlapped, routine,
                                thread, &call->error);
}

void start_send(struct pending *call, SOCKET s, const char *text, HANDLE event,
                LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread)
{
  WSABUF list;

  prepare(call, event);
  list.len = (ULONG)strlen(text);
  list.buf = call->buffer;
  memcpy(call->buffer, text, list.len);
  call->result = base.lpWSPSend(s, &list, 1, &call->bytes, 0, &call->overlapped, routine, thread,
                                &call->error);
}

void CALLBACK note_completion(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags)
{
  struct pending *const call = (struct pending *)overlapped;

  (void)flags;
  call->routine_error = error;
  call->routine_bytes = bytes;
  call->routine_thread = GetCurrentThreadId();
  InterlockedIncrement(&call->runs);
}

BOOL was_started(const struct pending *call)
{
  return call->result == 0 ? call->error == 0 : call->error == WSA_IO_PENDING;
}

void wait_by_polling(const struct pending *call)
{
  for (int i = 0; i < LONG_TIME && !HasOverlappedIoCompleted(&call->overlapped); i++)
    Sleep(1);
  assert_true(HasOverlappedIoCompleted(&call->overlapped));
}

void wait_for_routine(const struct pending *call)
{
  for (int i = 0; i < LONG_TIME && call->runs == 0; i++)
    SleepEx(1, TRUE);
  assert_int_equal(call->runs, 1);
}

int outcome(SOCKET s, struct pending *call, DWORD *bytes, DWORD *flags)
{
  int error = UNTOUCHED;

  *bytes = UNTOUCHED;
  *flags = UNTOUCHED;
  if (base.lpWSPGetOverlappedResult(s, &call->overlapped, bytes, FALSE, flags, &error)) {
    assert_int_equal(error, 0);
    return 0;
  }
  assert_int_not_equal(error, 0);
  return error;
}
