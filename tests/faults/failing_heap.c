/* Stands in for platform/heap.c in the DLL of this folder. */
#include "platform/heap.h"

#include "faults/heap_watch.h"

static struct heap_watch unwatched;
static struct heap_watch *watch = &unwatched;

void WINAPI Ws2SpiTestWatchHeap(struct heap_watch *new_watch)
{
  watch = new_watch;
}

static BOOL is_to_fail(void)
{
  if (watch->fail_after == 0 || InterlockedDecrement(&watch->fail_after) != 0)
    return FALSE;
  InterlockedIncrement(&watch->failed);
  return TRUE;
}

void *heap_allocate(size_t size)
{
  void *memory = NULL;

  if (!is_to_fail())
    memory = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size);
  if (memory != NULL)
    InterlockedIncrement(&watch->live);
  return memory;
}

void heap_free(void *memory)
{
  const DWORD last_error = GetLastError();

  if (memory != NULL) {
    HeapFree(GetProcessHeap(), 0, memory);
    InterlockedDecrement(&watch->live);
  }
  SetLastError(last_error);
}
