/* Functions of the test in the place of what ws2spi.dll imports, from then on. */
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

/* Each must be an import of the DLL. No other thread may be in it meanwhile. */
void replace_imports(const struct replaced_import *list, size_t count);

/* --- memory, after replace_memory() ------------------------------------------------------------ */

void replace_memory(void);

/* The n-th allocation from now fails, and all after it if `lasting`; 0: none. */
void memory_fails_at(int n, BOOL lasting);

/* From now on none fails; whether one has. */
BOOL memory_is_back(void);

/* --- locks, after replace_locks() ---------------------------------------------------------------- */

void replace_locks(void);

/* At the n-th lock that this thread waits for from now, and holds none of another kind that
 * `act` would wait for, act runs first: what others may do in that moment. */
void meanwhile_at(int n, void (*act)(void));

/* From now on it does not run; whether it has. */
BOOL meanwhile_end(void);

#endif
