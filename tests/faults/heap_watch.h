/* How a test watches, and fails, the allocations of the DLL in this folder. The
 * watch is the test's, so that it can be read after the DLL has been freed. */
#ifndef WS2SPI_TESTS_HEAP_WATCH_H
#define WS2SPI_TESTS_HEAP_WATCH_H

#include <windows.h>

struct heap_watch {
  volatile LONG fail_after; /* fail the n-th allocation from now; 0: none */
  volatile LONG failed;     /* how many were failed */
  volatile LONG live;       /* allocated and not freed */
};

/* Exported by that DLL only. Call it first: what is allocated before is not seen. */
typedef void(WINAPI *watch_heap_function)(struct heap_watch *watch);
void WINAPI Ws2SpiTestWatchHeap(struct heap_watch *watch);

#endif
