/* Puts functions of the test in the place of functions that ws2spi.dll imports, for the rest of the
 * process. */
#ifndef WS2SPI_TESTS_REPLACED_IMPORTS_H
#define WS2SPI_TESTS_REPLACED_IMPORTS_H

#include <winsock2.h>
#include <windows.h>

struct replaced_import {
  const char *name;
  FARPROC function;
};

#define REPLACED_IMPORT(name, function)                                                            \
  {                                                                                                \
#name, (FARPROC)(void (*)(void))(function)                                                     \
  }

/* Each must be an import of the DLL. No other thread may be in the DLL during the call. */
void replace_imports(const struct replaced_import *list, size_t count);

/* --- memory, after replace_memory() ------------------------------------------------------------ */

void replace_memory(void);

/* The n-th allocation from now fails, and if `lasting` all later ones too. 0: none fails. */
void memory_fails_at(int n, BOOL lasting);

/* No allocation fails from now on. Returns whether one has failed. */
BOOL memory_is_back(void);

/* --- locks, after replace_locks() ---------------------------------------------------------------- */

void replace_locks(void);

/* `act` runs before the n-th lock from now that this thread acquires while it holds no lock that
 * `act` would wait for: it does what another thread could do at that moment. */
void interrupt_at_lock(int n, void (*act)(void));

/* Cancels it. Returns whether it has run. */
BOOL interrupt_end(void);

#endif
