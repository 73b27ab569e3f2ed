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

/* Of the base provider, once started. */
extern WSPPROC_TABLE base;

/* Group fixtures: Ws2SpiStartProvider and Ws2SpiStopProvider. */
int start_base(void **state);
int stop_base(void **state);

SOCKET new_socket(int family, int type);
/* Bound to a loopback port of the system's choice. */
SOCKET new_bound(int family, int type, SOCKADDR_STORAGE *address, int *length);
SOCKET new_listener(SOCKADDR_STORAGE *address, int *length);
/* A listener that takes no more connections, so that a connect to it waits; those that
 * fill it are in `filling`. */
enum { FILLING = 4 };
SOCKET new_full_listener(SOCKADDR_STORAGE *address, int *length, SOCKET filling[FILLING]);
/* A connected pair of streams: [0] connected, [1] was accepted. */
void new_pair(SOCKET pair[2]);
void close_pair(SOCKET pair[2]);
void close_socket(SOCKET s);

/* The procedures with one buffer; the result, and the error in *error. */
int receive(SOCKET s, char *buffer, ULONG size, int *error);
int receive_flags(SOCKET s, char *buffer, ULONG size, DWORD flags, int *error);
int transmit(SOCKET s, const char *data, ULONG size, int *error);
int set_nonblocking(SOCKET s, u_long value, int *error);
void set_timeout(SOCKET s, int option, DWORD milliseconds);
/* Receives until nothing comes any more, without waiting for it: the result that was
 * not data, and its error. */
int receive_the_rest(SOCKET s, int *error);

/* Sends until the connection takes no more: nothing of it is received yet. */
void fill(SOCKET s);
void set_linger(SOCKET s, u_short on, u_short seconds);
/* Whether the system's own closesocket waits as SO_LINGER says. By its page it does, and so
 * does Wine 8's. Wine 10's returns at once, so there is nothing to wait for or to cancel; a
 * line on standard output says so. */
int system_close_lingers(void);

/* Sends, asserting that it could. */
void must_send(SOCKET s, const char *text);

/* The hook of this thread: counts its runs, and at run number `at` calls `act`. */
void install_hook(LONG at, void (*act)(void *), void *parameter);
LONG remove_hook(void); /* how often it ran */
LONG hook_runs_so_far(void);

/* For `act`. */
void cancel_here(void *unused);
void send_text(void *socket); /* a SOCKET *, one byte */

/* A thread that cannot assert: it runs `work`, and join returns when it is over. */
HANDLE start_thread(LPTHREAD_START_ROUTINE work, void *parameter, DWORD *id);
void join_thread(HANDLE thread);

/* Until that thread is in a blocking operation, then cancels it. False: it never was. */
int cancel_thread(DWORD id);

#endif
