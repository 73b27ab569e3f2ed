/* Keeps test programs unreachable from other machines, because a Windows firewall asks the user about
 * every program that is reachable. On Wine two calls fail with WSAEACCES and a line on standard error:
 * a bind of a datagram socket to any address but loopback, and a listen on a stream that is not bound
 * to loopback.
 *
 * A stream may be bound to the wildcard address without a port, because ConnectEx needs a bound socket.
 *
 * The watch replaces the function by which ws2_32 sends its requests to the system. So it sees every
 * call, from the program, from a DLL and through a procedure table. On Windows there is no watch: the
 * programs of the kit are the ones that passed here. */
#ifndef WS2SPI_TESTS_LOOPBACK_ONLY_H
#define WS2SPI_TESTS_LOOPBACK_ONLY_H

#include <stdbool.h>

/* The link option -u names this symbol, so the linker takes the watch into every program. */
extern bool loopback_only_given_up;

/* Ends the watch. A program that calls it cannot be in the kit of tests/windows. */
void loopback_only_give_up(void);

#endif
