/* Keeps test programs that use the memory catalog (WS2SPI_CATALOG=memory) from changing
 * HKEY_LOCAL_MACHINE. On Windows it has the machine's own Winsock catalog, and an administrator may run
 * the kit of tests/windows. On Wine every such change fails with ERROR_ACCESS_DENIED and a line on
 * standard error.
 *
 * The watch works as the one of loopback_only.h does. On Windows there is none. */
#ifndef WS2SPI_TESTS_MACHINE_REGISTRY_H
#define WS2SPI_TESTS_MACHINE_REGISTRY_H

#include <stdbool.h>

/* The link option -u names this symbol, so the linker takes the watch into every program. */
extern bool machine_registry_given_up;

/* Ends the watch, for code that never runs on Windows. */
void machine_registry_give_up(void);

#endif
