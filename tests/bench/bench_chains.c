/* Cost of provider chains: round trips and throughput of a loopback stream through each chain, as a
 * ratio to the system's own sockets. Both are measured in turn in the same rounds.
 *
 * usage: bench_chains [rounds] [exchanges per round] */
#include "chains/chains.h"

#include <stdio.h>

enum { MESSAGE = 64, BLOCK = 32 * 1024, WORD_BITS = 8 * sizeof(void *) };

static int rounds = 100;
static int exchanges = 20;

static void give_up(const char *what)
{
  printf("bench_chains: %s failed\n", what);
  exit(EXIT_FAILURE);
}

/* --- the same calls on both sides ------------------------------------------------------- */

struct side {
  BOOL is_chain;
  SOCKET pair[2];
  HANDLE event;
};

static void send_all(const struct side *side, int end, char *data, ULONG size)
{
  WSABUF list = {size, data};
  DWORD sent = 0;
  int error, result;

  result = side->is_chain
               ? base.lpWSPSend(side->pair[end], &list, 1, &sent, 0, NULL, NULL, NULL, &error)
               : WSASend(side->pair[end], &list, 1, &sent, 0, NULL, NULL);
  if (result != 0 || sent != size)
    give_up("a send");
}

static void receive_all(const struct side *side, int end, char *data, ULONG size)
{
  while (size != 0) {
    WSABUF list = {size, data};
    DWORD received = 0, flags = 0;
    int error, result;

    result = side->is_chain ? base.lpWSPRecv(side->pair[end], &list, 1, &received, &flags, NULL,
                                             NULL, NULL, &error)
                            : WSARecv(side->pair[end], &list, 1, &received, &flags, NULL, NULL);
    if (result != 0 || received == 0)
      give_up("a receive");
    size -= received;
  }
}

static void start_receive(const struct side *side, WSAOVERLAPPED *overlapped, char *data)
{
  WSABUF list = {MESSAGE, data};
  DWORD received = 0, flags = 0;
  int error = 0, result;

  *overlapped = (WSAOVERLAPPED){.hEvent = side->event};
  if (side->is_chain) {
    result =
        base.lpWSPRecv(side->pair[1], &list, 1, &received, &flags, overlapped, NULL, NULL, &error);
  } else {
    result = WSARecv(side->pair[1], &list, 1, &received, &flags, overlapped, NULL);
    error = result == 0 ? 0 : WSAGetLastError();
  }
  if (result != 0 && error != WSA_IO_PENDING)
    give_up("an overlapped receive");
}

/* --- what is measured --------------------------------------------------------------------- */

static char data[BLOCK];

static void round_trip(const struct side *side)
{
  send_all(side, 0, data, MESSAGE);
  receive_all(side, 1, data, MESSAGE);
  send_all(side, 1, data, MESSAGE);
  receive_all(side, 0, data, MESSAGE);
}

static void overlapped_receive(const struct side *side)
{
  WSAOVERLAPPED overlapped;

  start_receive(side, &overlapped, data);
  send_all(side, 0, data, MESSAGE);
  if (WaitForSingleObject(side->event, LONG_TIME) != WAIT_OBJECT_0)
    give_up("waiting for a receive");
}

static void one_block(const struct side *side)
{
  send_all(side, 0, data, BLOCK);
  receive_all(side, 1, data, BLOCK);
}

static const struct measurement {
  const char *name;
  void (*exchange)(const struct side *);
  double bytes; /* bytes moved by one exchange; 0: no throughput */
} measurements[] = {
    {"round trip of 64 bytes", round_trip, 0},
    {"overlapped receive, event", overlapped_receive, 0},
    {"block of 32 KiB", one_block, BLOCK},
};

enum { MEASUREMENTS = sizeof measurements / sizeof measurements[0] };

static double now(void)
{
  LARGE_INTEGER count, frequency;

  QueryPerformanceCounter(&count);
  QueryPerformanceFrequency(&frequency);
  return (double)count.QuadPart * 1e6 / (double)frequency.QuadPart;
}

/* The shortest time of an exchange in this round and the earlier ones, in microseconds. */
static void measure(const struct side *side, const struct measurement *what, double *best)
{
  const double start = now();
  double cost;

  for (int i = 0; i < exchanges; i++)
    what->exchange(side);
  cost = (now() - start) / exchanges;
  if (cost < *best)
    *best = cost;
}

/* --- one chain ------------------------------------------------------------------------------ */

static void open_system_pair(SOCKET pair[2])
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  int length = sizeof address;
  const SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);

  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  pair[0] = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
      listen(listener, 1) != 0 ||
      getsockname(listener, (struct sockaddr *)&address, &length) != 0 ||
      connect(pair[0], (struct sockaddr *)&address, length) != 0)
    give_up("connecting the system's sockets");
  pair[1] = accept(listener, NULL, NULL);
  closesocket(listener);
}

static void report(const struct measurement *what, double floor_cost, double cost)
{
  printf("%-22s %-26s %9.1f %9.1f %7.2f", chain.name, what->name, floor_cost, cost,
         cost / floor_cost);
  if (what->bytes != 0) /* bytes per microsecond are megabytes per second */
    printf("  %.0f and %.0f MB/s", what->bytes / floor_cost, what->bytes / cost);
  printf("\n");
}

static void run_chain(void)
{
  struct side system = {FALSE, {0, 0}, CreateEventW(NULL, TRUE, FALSE, NULL)};
  struct side through = {TRUE, {0, 0}, CreateEventW(NULL, TRUE, FALSE, NULL)};
  double floor_cost[MEASUREMENTS], cost[MEASUREMENTS];

  open_system_pair(system.pair);
  new_pair(through.pair);
  for (int which = 0; which < MEASUREMENTS; which++)
    floor_cost[which] = cost[which] = 1e12;
  for (int round = 0; round < rounds; round++)
    for (int which = 0; which < MEASUREMENTS; which++) {
      measure(&system, &measurements[which], &floor_cost[which]);
      measure(&through, &measurements[which], &cost[which]);
    }
  for (int which = 0; which < MEASUREMENTS; which++)
    report(&measurements[which], floor_cost[which], cost[which]);
  close_pair(through.pair);
  closesocket(system.pair[0]);
  closesocket(system.pair[1]);
  CloseHandle(through.event);
  CloseHandle(system.event);
}

int main(int argc, char **argv)
{
  WSADATA winsock;

  if (argc > 1)
    rounds = atoi(argv[1]);
  if (argc > 2)
    exchanges = atoi(argv[2]);
  if (WSAStartup(MAKEWORD(2, 2), &winsock) != 0)
    give_up("WSAStartup");
  printf("%d-bit, best of %d rounds of %d exchanges, in microseconds\n", WORD_BITS, rounds,
         exchanges);
  printf("%-22s %-26s %9s %9s %7s\n", "chain", "exchange", "system", "chain", "ratio");
  for (int number = 0; number < CHAINS; number++) {
    begin_chain(number);
    run_chain();
    end_chain();
  }
  WSACleanup();
  return EXIT_SUCCESS;
}
