#include "platform/heap.h"

#include "platform/windows_headers.h"

void *heap_allocate(size_t size)
{
  return HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size);
}

void heap_free(void *memory)
{
  const DWORD last_error = GetLastError();

  if (memory != NULL)
    HeapFree(GetProcessHeap(), 0, memory);
  SetLastError(last_error);
}
