/* The DLL's heap, counted; and, for a soak, with a page behind every block that no
 * access survives. */
#ifndef WS2SPI_TESTS_WATCHED_MEMORY_H
#define WS2SPI_TESTS_WATCHED_MEMORY_H

#include <winsock2.h>
#include <windows.h>

/* From now on: each block ends where an inaccessible page begins, and a block that is
 * freed stays inaccessible for a while. Only while nothing is allocated. */
void watched_memory_guard(BOOL on);

/* What was written around guarded blocks, found when they were freed. */
LONG watched_memory_damages(void);
/* The largest number of blocks that there were at once. */
LONG watched_memory_peak(void);

void *watched_allocate(HANDLE heap, DWORD flags, SIZE_T size);
BOOL watched_free(HANDLE heap, DWORD flags, void *memory);

#endif
