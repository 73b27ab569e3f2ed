/* Wraps the store's writes: they are counted, fail, or end the process. */
#ifndef WS2SPI_TESTS_REGISTRY_WRITE_TRAP_H
#define WS2SPI_TESTS_REGISTRY_WRITE_TRAP_H

#include <windows.h>

enum { KILLED = 77 }; /* exit code of a process that the trap has ended */

extern volatile LONG writes_made;
extern LONG writes_die_at;         /* the process ends before this write; 0: never */
extern LONG writes_fail_from;      /* this write and all after it fail; 0: none */
extern BOOL writes_are_on_windows; /* the DLL takes the system for real Windows, else for Wine */

#endif
