/* Sockets of the base provider over the loopback interface, and a blocking hook
 * whose runs can be counted and used. */
#ifndef WS2SPI_TESTS_LOOPBACK_H
#define WS2SPI_TESTS_LOOPBACK_H

#include <winsock2.h>
#include <ws2spi.h>
#include <ws2tcpip.h>

enum {
  TCP_ENTRY = 1001,
  UDP_ENTRY = 1002,
  RAW_ENTRY = 1003,
  UNTOUCHED = 0x5A5A,
  LONG_TIME = 20000
};

/* The base provider's procedures, once it is started. */
extern WSPPROC_TABLE base;

/* Group fixtures: Ws2SpiStartProvider and Ws2SpiStopProvider. */
int start_base(void **state);
int stop_base(void **state);

SOCKET new_socket(int family, int type);
/* A socket bound to a loopback port that the system chooses. */
SOCKET new_bound(int family, int type, SOCKADDR_STORAGE *address, int *length);
SOCKET new_listener(SOCKADDR_STORAGE *address, int *length);
/* A listener whose backlog is full, so that a connect to it waits. The sockets that fill it are in
 * `filling`. */
enum { FILLING = 4 };
SOCKET new_full_listener(SOCKADDR_STORAGE *address, int *length, SOCKET filling[FILLING]);
/* A connected pair of streams: pair[0] connected, pair[1] was accepted. */
void new_pair(SOCKET pair[2]);
void close_pair(SOCKET pair[2]);
void close_socket(SOCKET s);

/* The procedures with one buffer. They return the result and store the error in *error. */
int receive(SOCKET s, char *buffer, ULONG size, int *error);
int receive_flags(SOCKET s, char *buffer, ULONG size, DWORD flags, int *error);
int transmit(SOCKET s, const char *data, ULONG size, int *error);
int set_nonblocking(SOCKET s, u_long value, int *error);
void set_timeout(SOCKET s, int option, DWORD milliseconds);
/* Receives, without waiting, until no data is left. Returns the first result that was not data,
 * with its error. */
int receive_the_rest(SOCKET s, int *error);

/* Sends until the connection takes no more data. The peer has not received any of it yet. */
void fill(SOCKET s);
void set_linger(SOCKET s, u_short on, u_short seconds);
/* Whether the system's closesocket waits as long as SO_LINGER says. Its page says that it does, and
 * Wine 8 does. Wine 10 returns at once, so a test has nothing to wait for or to cancel; a line on
 * standard output says so. */
int system_close_lingers(void);

/* Sends, and asserts that it succeeded. */
void must_send(SOCKET s, const char *text);

/* Sets this thread's hook: it counts its runs and calls `act` in run number `at`. */
void install_hook(LONG at, void (*act)(void *), void *parameter);
LONG remove_hook(void); /* the number of runs */
LONG hook_runs_so_far(void);

/* Functions for `act`. */
void cancel_here(void *unused);
void send_text(void *socket); /* takes a SOCKET * and sends one byte */

/* Starts a thread, which must not assert, that runs `work`. join returns when it has ended. */
HANDLE start_thread(LPTHREAD_START_ROUTINE work, void *parameter, DWORD *id);
void join_thread(HANDLE thread);

/* Waits until that thread is in a blocking operation and cancels it. False: it never was in one. */
int cancel_thread(DWORD id);

#endif
