/* What stands around the store's writes in these tests. */
#ifndef WS2SPI_TESTS_REGISTRY_WRITES_H
#define WS2SPI_TESTS_REGISTRY_WRITES_H

#include <windows.h>

enum { KILLED = 77 }; /* the exit code */

extern volatile LONG writes_made;
extern LONG writes_die_at;         /* the process ends before this write; 0: never */
extern LONG writes_fail_from;      /* this write and all behind it fail; 0: none */
extern BOOL writes_are_on_windows; /* as if the system were no Wine */

#endif
