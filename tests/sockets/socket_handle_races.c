/* Sixteen threads use the socket table: some look up handles that others close, and several
 * complete the same request. */
#include "support/cmocka_headers.h"

#include "sockets/nonifs_entry.h"
#include "support/process_resources.h"

enum { THREADS = 16, HANDLES = 8, ROUNDS = 200, REQUESTS = 2000 };

/* --- threads ------------------------------------------------------------------------ */

static HANDLE start;

static void run_threads(DWORD(WINAPI *work)(void *), void *argument)
{
  HANDLE threads[THREADS];

  start = CreateEventW(NULL, TRUE, FALSE, NULL);
  for (int i = 0; i < THREADS; i++) {
    threads[i] = CreateThread(NULL, 0, work, argument, 0, NULL);
    assert_non_null(threads[i]);
  }
  SetEvent(start);
  assert_int_equal(WaitForMultipleObjects(THREADS, threads, TRUE, 6 * LONG_TIME), WAIT_OBJECT_0);
  for (int i = 0; i < THREADS; i++)
    CloseHandle(threads[i]);
  CloseHandle(start);
}

/* --- contexts ----------------------------------------------------------------------- */

/* Two threads make and close handles. Each publishes which handle is open, and withdraws it
 * before it closes the handle. A look-up during that time must find exactly the context of the
 * handle. A look-up that overlaps a close may find nothing or, since values are reused, the
 * context of a later handle. Each round leaves another handle open, so that the table grows
 * during the look-ups. */
enum { MAKERS = 2, CONTEXT_MARK = 0x5A0000 };

static struct {
  volatile LONG turn; /* odd: open */
  SOCKET s;
  DWORD_PTR context;
} shown[MAKERS];

static volatile LONG wrong_answers;
static volatile LONG sure_answers;
static volatile LONG makers_left;

/* On a busy machine all rounds may end before any look-up has run, and the test would show
 * nothing. So the rounds continue until one has run. */
static int goes_on(DWORD round)
{
  return round < ROUNDS || InterlockedCompareExchange(&sure_answers, 0, 0) == 0;
}

static SOCKET kept[MAKERS][ROUNDS];

static void keep_one_open(int maker, DWORD round)
{
  int error;

  if (round < ROUNDS)
    kept[maker][round] = WPUCreateSocketHandle(nonifs_entry, CONTEXT_MARK, &error);
}

static void close_kept(void)
{
  for (int maker = 0; maker < MAKERS; maker++)
    for (int i = 0; i < ROUNDS; i++) {
      assert_true(kept[maker][i] != INVALID_SOCKET);
      close_handle(kept[maker][i]);
    }
}

static void make_and_close(int maker)
{
  for (DWORD round = 0; goes_on(round); round++) {
    const DWORD_PTR context = CONTEXT_MARK + round % ROUNDS * MAKERS + (DWORD)maker;
    int error;
    SOCKET s;

    keep_one_open(maker, round);
    s = WPUCreateSocketHandle(nonifs_entry, context, &error);
    shown[maker].s = s;
    shown[maker].context = context;
    InterlockedIncrement(&shown[maker].turn);
    SwitchToThread();
    InterlockedIncrement(&shown[maker].turn);
    if (s == INVALID_SOCKET || WPUCloseSocketHandle(s, &error) != 0)
      InterlockedIncrement(&wrong_answers);
  }
  InterlockedDecrement(&makers_left);
}

static int is_of_a_maker(DWORD_PTR context)
{
  return context >= CONTEXT_MARK && context < CONTEXT_MARK + ROUNDS * MAKERS;
}

static void look_up(int maker)
{
  const LONG before = InterlockedCompareExchange(&shown[maker].turn, 0, 0);
  const SOCKET s = shown[maker].s;
  const DWORD_PTR expected = shown[maker].context;
  DWORD_PTR context;
  int error;
  const int result = query_context(s, &context, &error);

  if (before % 2 == 1 && InterlockedCompareExchange(&shown[maker].turn, 0, 0) == before)
    InterlockedIncrement(result == 0 && context == expected ? &sure_answers : &wrong_answers);
  else if (result == 0 ? !is_of_a_maker(context) : error != WSAENOTSOCK || context != UNTOUCHED)
    InterlockedIncrement(&wrong_answers);
}

static DWORD WINAPI make_or_look_up(void *argument)
{
  const LONG me = InterlockedIncrement((volatile LONG *)argument) - 1;

  WaitForSingleObject(start, INFINITE);
  if (me < MAKERS)
    make_and_close(me);
  while (me >= MAKERS && InterlockedCompareExchange(&makers_left, 0, 0) > 0) {
    look_up(me % MAKERS);
    SwitchToThread();
  }
  return 0;
}

static void a_look_up_returns_the_context_or_wsaenotsock(void **state)
{
  volatile LONG threads = 0;

  makers_left = MAKERS;
  run_threads(make_or_look_up, (void *)&threads);
  close_kept();
  assert_int_equal(wrong_answers, 0);
  assert_true(sure_answers > 0);
}

/* --- completion --------------------------------------------------------------------- */

static SOCKET shared_handle;
static WSAOVERLAPPED requests[REQUESTS];
static volatile LONG finished_once[REQUESTS];
static volatile LONG refused;

static DWORD WINAPI finish_them_all(void *argument)
{
  (void)argument;
  WaitForSingleObject(start, INFINITE);
  for (int i = 0; i < REQUESTS; i++) {
    int error = UNTOUCHED;

    if (WPUCompleteOverlappedRequest(shared_handle, &requests[i], 0, (DWORD)i, &error) == 0)
      InterlockedIncrement(&finished_once[i]);
    else
      InterlockedIncrement(error == WSAEINVAL ? &refused : &wrong_answers);
  }
  return 0;
}

static int compare_pointers(const void *left, const void *right)
{
  const OVERLAPPED *const *const a = left;
  const OVERLAPPED *const *const b = right;

  return (*a > *b) - (*a < *b);
}

static void each_request_completes_exactly_once(void **state)
{
  static OVERLAPPED *seen[REQUESTS];
  HANDLE port;
  ULONG_PTR key;
  DWORD bytes;
  OVERLAPPED *overlapped;

  wrong_answers = 0;
  shared_handle = new_handle(1);
  port = CreateIoCompletionPort((HANDLE)shared_handle, NULL, 0, 0);
  for (int i = 0; i < REQUESTS; i++)
    requests[i] = request_under_way(NULL);
  run_threads(finish_them_all, NULL);
  assert_int_equal(wrong_answers, 0);
  assert_int_equal(refused, (THREADS - 1) * REQUESTS);
  for (int i = 0; i < REQUESTS; i++) {
    assert_int_equal(finished_once[i], 1);
    assert_int_equal(requests[i].InternalHigh, i);
    assert_true(GetQueuedCompletionStatus(port, &bytes, &key, &seen[i], 0));
    assert_int_equal(bytes, (WSAOVERLAPPED *)seen[i] - requests);
  }
  assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
  qsort(seen, REQUESTS, sizeof seen[0], compare_pointers);
  for (int i = 0; i < REQUESTS; i++)
    assert_ptr_equal(seen[i], &requests[i]);
  close_handle(shared_handle);
  CloseHandle(port);
}

/* --- completion against close ------------------------------------------------------- */

static volatile LONG64 open_handle;
static volatile LONG completions;

static volatile LONG makers_done;

static void replace_handle(void)
{
  int error;
  const SOCKET s = WPUCreateSocketHandle(nonifs_entry, 1, &error);
  const SOCKET old = (SOCKET)InterlockedExchange64(&open_handle, (LONG64)s);

  if (s == INVALID_SOCKET || (old != 0 && WPUCloseSocketHandle(old, &error) != 0))
    InterlockedIncrement(&wrong_answers);
}

static void complete_on_it(void)
{
  WSAOVERLAPPED overlapped = request_under_way(NULL);
  SOCKET s;
  int error;

  while ((s = (SOCKET)InterlockedCompareExchange64(&open_handle, 0, 0)) == 0)
    SwitchToThread();
  if (complete(s, &overlapped, 0, 1, &error) == 0)
    InterlockedIncrement(overlapped.Internal == 0 ? &completions : &wrong_answers);
  else if (error != WSAEINVAL || overlapped.Internal != WSS_OPERATION_IN_PROGRESS)
    InterlockedIncrement(&wrong_answers);
}

/* The last handle stays open, and each of the other threads completes at least once on it. */
static DWORD WINAPI close_or_complete(void *argument)
{
  const LONG me = InterlockedIncrement((volatile LONG *)argument) - 1;

  WaitForSingleObject(start, INFINITE);
  for (int round = 0; me == 0 && round < ROUNDS; round++)
    replace_handle();
  if (me == 0)
    InterlockedExchange(&makers_done, 1);
  while (me != 0 && InterlockedCompareExchange(&makers_done, 0, 0) == 0)
    complete_on_it();
  if (me != 0)
    complete_on_it();
  return 0;
}

static void a_completion_reaches_its_own_handle_or_none(void **state)
{
  volatile LONG threads = 0;
  const size_t handles = open_handles();

  wrong_answers = 0;
  run_threads(close_or_complete, (void *)&threads);
  close_handle((SOCKET)open_handle);
  assert_int_equal(wrong_answers, 0);
  assert_true(completions >= THREADS - 1);
  assert_int_equal(open_handles(), handles);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_look_up_returns_the_context_or_wsaenotsock),
      cmocka_unit_test(each_request_completes_exactly_once),
      cmocka_unit_test(a_completion_reaches_its_own_handle_or_none),
  };

  return cmocka_run_group_tests(tests, register_nonifs_entry, unregister_nonifs_entry);
}
