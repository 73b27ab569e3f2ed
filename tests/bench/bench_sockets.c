/* Cost of WPUQuerySocketHandleContext at 10, 1,000 and 100,000 open handles, with one thread and
 * two, for ten handles in turn and for all in random order, as a ratio to an uncontended
 * EnterCriticalSection + LeaveCriticalSection pair of the same run.
 *
 * usage: bench_sockets [rounds] [calls per round] [most handles] */
#include <ws2spi_shim.h>

#include <stdio.h>
#include <stdlib.h>

enum { MOST_THREADS = 2 };

static int rounds = 30;
static int calls = 20000;
static DWORD most_handles = 100000;

static SOCKET *handles;
static DWORD handle_count;

static void give_up(const char *what)
{
  printf("bench_sockets: %s failed\n", what);
  exit(EXIT_FAILURE);
}

/* --- the handles ------------------------------------------------------------------- */

static int WSPAPI no_startup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                             WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  (void)version;
  (void)data;
  (void)info;
  (void)upcalls;
  (void)table;
  return WSASYSNOTREADY;
}

static DWORD register_entry(void)
{
  WSAPROTOCOL_INFOW info = {.iAddressFamily = AF_INET, .szProtocol = L"bench"};
  DWORD id;
  int error;

  info.ProtocolChain.ChainLen = BASE_PROTOCOL;
  if (Ws2SpiRegisterProvider(&info, no_startup, &id, &error) != 0)
    give_up("Ws2SpiRegisterProvider");
  return id;
}

/* Under Wine each handle is an open file of its server, and the host limits these. */
static void open_handles_up_to(DWORD id, DWORD count)
{
  int error;

  for (; handle_count < count; handle_count++) {
    handles[handle_count] = WPUCreateSocketHandle(id, handle_count, &error);
    if (handles[handle_count] == INVALID_SOCKET)
      break;
  }
  if (handle_count < 10)
    give_up("WPUCreateSocketHandle");
  if (handle_count < count)
    printf("the system allows no more than %lu handles\n", handle_count);
}

/* The server also needs files for the threads of the measurement. */
static void leave_room(void)
{
  int error;

  for (int i = 0; i < 100 && handle_count > 10; i++)
    WPUCloseSocketHandle(handles[--handle_count], &error);
}

static void close_handles(void)
{
  int error;

  while (handle_count > 0)
    WPUCloseSocketHandle(handles[--handle_count], &error);
}

/* --- what is measured ------------------------------------------------------------ */

static void enter_and_leave(CRITICAL_SECTION *section)
{
  for (int i = 0; i < calls; i++) {
    EnterCriticalSection(section);
    LeaveCriticalSection(section);
  }
}

/* Ten handles in turn, spread over all: this measures the look-up and not the machine's memory. */
static void query_ten(CRITICAL_SECTION *section)
{
  const DWORD step = handle_count / 10;
  DWORD_PTR context;
  int error;

  (void)section;
  for (int i = 0, which = 0; i < calls; i++, which = which == 9 ? 0 : which + 1) {
    const DWORD place = (DWORD)which * step;

    if (WPUQuerySocketHandleContext(handles[place], &context, &error) != 0 || context != place)
      give_up("WPUQuerySocketHandleContext");
  }
}

/* Each handle equally often, in an order that the processor cannot predict: this measures the
 * look-up and the machine's memory. */
static DWORD *walk;

static void shuffle_walk(void)
{
  unsigned seed = 1;

  for (DWORD i = 0; i < handle_count; i++) {
    DWORD place;

    seed = seed * 1664525U + 1013904223U;
    place = (DWORD)((unsigned long long)seed * (i + 1) >> 32);
    walk[i] = walk[place];
    walk[place] = i;
  }
}

static void query_all(CRITICAL_SECTION *section)
{
  DWORD step = 0;
  DWORD_PTR context;
  int error;

  (void)section;
  for (int i = 0; i < calls; i++) {
    const DWORD place = walk[step];

    step = step + 1 == handle_count ? 0 : step + 1;
    if (WPUQuerySocketHandleContext(handles[place], &context, &error) != 0 || context != place)
      give_up("WPUQuerySocketHandleContext");
  }
}

static double now(void)
{
  LARGE_INTEGER count, frequency;

  QueryPerformanceCounter(&count);
  QueryPerformanceFrequency(&frequency);
  return (double)count.QuadPart * 1e9 / (double)frequency.QuadPart;
}

/* The best of the rounds, in ns per call. */
static double measure(void (*run)(CRITICAL_SECTION *), CRITICAL_SECTION *section)
{
  double best = 1e30;

  for (int round = 0; round < rounds; round++) {
    const double start = now();
    double cost;

    run(section);
    cost = (now() - start) / calls;
    if (cost < best)
      best = cost;
  }
  return best;
}

/* --- threads in step ---------------------------------------------------------------- */

static volatile LONG arrived;
static LONG thread_count;

struct worker {
  HANDLE thread;
  double floor;
  double query;
  double walk;
};

static void wait_for_the_others(LONG step)
{
  InterlockedIncrement(&arrived);
  while (InterlockedCompareExchange(&arrived, 0, 0) < step * thread_count)
    YieldProcessor();
}

static DWORD WINAPI work(void *argument)
{
  struct worker *const worker = argument;
  CRITICAL_SECTION section;

  InitializeCriticalSection(&section);
  wait_for_the_others(1);
  worker->floor = measure(enter_and_leave, &section);
  wait_for_the_others(2);
  worker->query = measure(query_ten, &section);
  wait_for_the_others(3);
  worker->walk = measure(query_all, &section);
  DeleteCriticalSection(&section);
  return 0;
}

static void print_line(LONG threads, const char *what, double cost, double floor)
{
  printf("%8lu %8ld  %-40s %8.2f %8.2f\n", handle_count, threads, what, cost, cost / floor);
}

static void report(LONG threads)
{
  struct worker workers[MOST_THREADS] = {0};
  double floor = 0, query = 0, all = 0;

  thread_count = threads;
  arrived = 0;
  for (LONG i = 0; i < threads; i++) {
    workers[i].thread = CreateThread(NULL, 0, work, &workers[i], 0, NULL);
    if (workers[i].thread == NULL)
      give_up("CreateThread");
  }
  for (LONG i = 0; i < threads; i++) {
    WaitForSingleObject(workers[i].thread, INFINITE);
    CloseHandle(workers[i].thread);
    floor += workers[i].floor / threads;
    query += workers[i].query / threads;
    all += workers[i].walk / threads;
  }
  print_line(threads, "EnterCriticalSection + Leave", floor, floor);
  print_line(threads, "WPUQuerySocketHandleContext, ten", query, floor);
  print_line(threads, "WPUQuerySocketHandleContext, all", all, floor);
}

int main(int argc, char **argv)
{
  DWORD id;

  setvbuf(stdout, NULL, _IONBF, 0);
  if (argc > 1)
    rounds = atoi(argv[1]);
  if (argc > 2)
    calls = atoi(argv[2]);
  if (argc > 3)
    most_handles = (DWORD)atoi(argv[3]);
  handles = calloc(most_handles, sizeof *handles);
  walk = calloc(most_handles, sizeof *walk);
  if (rounds <= 0 || calls <= 0 || most_handles < 10 || handles == NULL || walk == NULL)
    give_up("reading the arguments");
  printf("%d-bit, best of %d rounds of %d calls\n", (int)(8 * sizeof(void *)), rounds, calls);
  printf(" handles  threads  %-40s  ns/call    ratio\n", "what");
  id = register_entry();
  for (DWORD count = 10; count <= most_handles; count *= 100) {
    open_handles_up_to(id, count);
    if (handle_count < count)
      leave_room();
    shuffle_walk();
    for (LONG threads = 1; threads <= MOST_THREADS; threads++)
      report(threads);
  }
  close_handles();
  free(handles);
  free(walk);
  return EXIT_SUCCESS;
}
