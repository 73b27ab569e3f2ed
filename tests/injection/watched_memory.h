/* Counts the blocks of the DLL's heap and, for a soak, puts an inaccessible page behind each of
 * them. */
#ifndef WS2SPI_TESTS_WATCHED_MEMORY_H
#define WS2SPI_TESTS_WATCHED_MEMORY_H

#include <winsock2.h>
#include <windows.h>

/* From here on each block ends at an inaccessible page, and a freed block stays inaccessible for a
 * while. Only while no block is allocated. */
void watched_memory_guard(BOOL on);

/* The number of guarded blocks that were found overwritten when they were freed. */
LONG watched_memory_damages(void);
/* The largest number of blocks at one time. */
LONG watched_memory_peak(void);

void *watched_allocate(HANDLE heap, DWORD flags, SIZE_T size);
BOOL watched_free(HANDLE heap, DWORD flags, void *memory);

#endif
