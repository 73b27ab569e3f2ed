/* Cost of WPUQueryBlockingCallback and of the callback, as a ratio to an uncontended
 * EnterCriticalSection + LeaveCriticalSection pair of the same run. Times vary with the machine and
 * its load; the ratio does not.
 *
 * usage: bench_blocking [rounds] [calls per round] */
#include <ws2spi_shim.h>

#include <stdio.h>
#include <stdlib.h>

enum { BASE_TCP = 1001, BASE_ENTRIES = 6, MOST_THREADS = 2, WORD_BITS = 8 * sizeof(void *) };

static int rounds = 30;
static int calls = 20000;

static void give_up(const char *what)
{
  printf("bench_blocking: %s failed\n", what);
  exit(EXIT_FAILURE);
}

/* --- what is measured ------------------------------------------------------------ */

struct subject {
  CRITICAL_SECTION section;
  DWORD other_id; /* of an entry other than 1001 */
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
};

static INT_PTR CALLBACK empty_hook(void)
{
  return FALSE;
}

static void query(struct subject *subject, DWORD id)
{
  int error;

  if (WPUQueryBlockingCallback(id, &subject->callback, &subject->context, &error) != 0)
    give_up("WPUQueryBlockingCallback");
}

static void set_hook(struct subject *subject)
{
  if (WSASetBlockingHook((FARPROC)(void (*)(void))empty_hook) == NULL)
    give_up("WSASetBlockingHook");
  query(subject, BASE_TCP);
  if (subject->callback == NULL)
    give_up("the query for a callback");
}

static void remove_hook(struct subject *subject)
{
  if (WSAUnhookBlockingHook() != 0)
    give_up("WSAUnhookBlockingHook");
  query(subject, BASE_TCP);
  if (subject->callback != NULL)
    give_up("removing the callback");
}

static void no_preparation(struct subject *subject)
{
  (void)subject;
}

static void enter_and_leave(struct subject *subject)
{
  for (int i = 0; i < calls; i++) {
    EnterCriticalSection(&subject->section);
    LeaveCriticalSection(&subject->section);
  }
}

static void query_one_entry(struct subject *subject)
{
  for (int i = 0; i < calls; i++)
    query(subject, BASE_TCP);
}

static void query_two_entries(struct subject *subject)
{
  for (int i = 0; i < calls; i++)
    query(subject, i & 1 ? BASE_TCP : subject->other_id);
}

static void call_back(struct subject *subject)
{
  for (int i = 0; i < calls; i++)
    if (!subject->callback(subject->context))
      give_up("the callback");
}

static const struct measurement {
  const char *name;
  void (*prepare)(struct subject *);
  void (*run)(struct subject *);
} measurements[] = {
    {"EnterCriticalSection + Leave (the floor)", no_preparation, enter_and_leave},
    {"WPUQueryBlockingCallback, hook", set_hook, query_one_entry},
    {"WPUQueryBlockingCallback, no hook", remove_hook, query_one_entry},
    {"WPUQueryBlockingCallback, hook, two entries", set_hook, query_two_entries},
    {"the callback, empty hook", set_hook, call_back},
};

enum { MEASUREMENTS = sizeof measurements / sizeof measurements[0] };

/* --- threads in step ---------------------------------------------------------------- */

static volatile LONG arrived;
static int thread_count;

/* All threads measure the same subject at the same time. */
static void wait_for_the_others(LONG *step)
{
  *step += thread_count;
  InterlockedIncrement(&arrived);
  while (InterlockedCompareExchange(&arrived, 0, 0) < *step)
    YieldProcessor();
}

struct worker {
  HANDLE thread;
  DWORD other_id;
  double best[MEASUREMENTS]; /* ns per call */
};

static double now(void)
{
  LARGE_INTEGER count, frequency;

  QueryPerformanceCounter(&count);
  QueryPerformanceFrequency(&frequency);
  return (double)count.QuadPart * 1e9 / (double)frequency.QuadPart;
}

static void measure(struct worker *worker, struct subject *subject, int which)
{
  const double start = now();
  double cost;

  measurements[which].run(subject);
  cost = (now() - start) / calls;
  if (cost < worker->best[which])
    worker->best[which] = cost;
}

static DWORD WINAPI work(void *argument)
{
  struct worker *const worker = argument;
  struct subject subject = {.other_id = worker->other_id};
  LONG step = 0;

  InitializeCriticalSection(&subject.section);
  for (int which = 0; which < MEASUREMENTS; which++)
    worker->best[which] = 1e12;
  for (int round = 0; round < rounds; round++)
    for (int which = 0; which < MEASUREMENTS; which++) {
      measurements[which].prepare(&subject);
      wait_for_the_others(&step);
      measure(worker, &subject, which);
    }
  DeleteCriticalSection(&subject.section);
  return 0;
}

static void run_threads(struct worker *workers, int count, DWORD other_id)
{
  arrived = 0;
  thread_count = count;
  for (int i = 0; i < count; i++) {
    workers[i].other_id = other_id;
    workers[i].thread = CreateThread(NULL, 0, work, &workers[i], 0, NULL);
    if (workers[i].thread == NULL)
      give_up("CreateThread");
  }
  for (int i = 0; i < count; i++) {
    WaitForSingleObject(workers[i].thread, INFINITE);
    CloseHandle(workers[i].thread);
  }
}

/* --- the catalog's size ---------------------------------------------------------------- */

static int WSPAPI never_started(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                                WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  (void)version, (void)data, (void)info, (void)upcalls, (void)table;
  return WSASYSNOTREADY;
}

/* Returns the id of the last entry. A zero ProviderId is replaced by a new one. */
static DWORD register_providers(int count)
{
  WSAPROTOCOL_INFOW info = {.iVersion = 2, .iAddressFamily = AF_INET, .iSocketType = SOCK_STREAM};
  DWORD id = BASE_TCP + 1;
  int error;

  info.ProtocolChain.ChainLen = BASE_PROTOCOL;
  for (int i = 0; i < count; i++)
    if (Ws2SpiRegisterProvider(&info, never_started, &id, &error) != 0)
      give_up("Ws2SpiRegisterProvider");
  return id;
}

/* --- the report -------------------------------------------------------------------------- */

static double slowest(const struct worker *workers, int count, int which)
{
  double cost = 0;

  for (int i = 0; i < count; i++)
    if (workers[i].best[which] > cost)
      cost = workers[i].best[which];
  return cost;
}

static void report(const struct worker *workers, int count, int entries)
{
  const double floor_cost = slowest(workers, count, 0);

  for (int which = 0; which < MEASUREMENTS; which++) {
    const double cost = slowest(workers, count, which);

    printf("%7d %7d  %-44s %8.2f %7.2f\n", entries, count, measurements[which].name, cost,
           cost / floor_cost);
  }
}

int main(int argc, char **argv)
{
  static const int sizes[] = {BASE_ENTRIES, 100, 10000};
  int entries = BASE_ENTRIES;
  DWORD last_id = BASE_TCP + 1;

  if (argc > 1)
    rounds = atoi(argv[1]);
  if (argc > 2)
    calls = atoi(argv[2]);
  printf("%d-bit, best of %d rounds of %d calls; of several threads, the slowest\n", WORD_BITS,
         rounds, calls);
  printf("%7s %7s  %-44s %8s %7s\n", "entries", "threads", "call", "ns", "ratio");
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    if (sizes[i] > entries)
      last_id = register_providers(sizes[i] - entries);
    entries = sizes[i];
    for (int threads = 1; threads <= MOST_THREADS; threads++) {
      struct worker workers[MOST_THREADS];

      run_threads(workers, threads, last_id);
      report(workers, threads, entries);
    }
  }
  return EXIT_SUCCESS;
}
