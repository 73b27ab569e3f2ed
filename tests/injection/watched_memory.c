#include "injection/watched_memory.h"

#include "injection/injection.h"

#include <stdint.h>
#include <string.h>

/* A guarded block: one page that starts with this header, then the pages of the block, which ends
 * with the last of them, then a page without access. The other bytes of these pages are filled with
 * a pattern. */
struct header {
  size_t size;
  size_t pages; /* of the block */
  uintptr_t seal;
};

enum { PAGE = 4096, ALIGNMENT = 16, FILL = 0xA5, QUARANTINE = 512 };

static BOOL guarded;
static volatile LONG damages;
static volatile LONG peak;
static void *volatile quarantine[QUARANTINE];
static volatile LONG quarantined;

void watched_memory_guard(BOOL on)
{
  guarded = on;
}

LONG watched_memory_damages(void)
{
  return damages;
}

LONG watched_memory_peak(void)
{
  return peak;
}

static uintptr_t seal_of(const struct header *header)
{
  return (uintptr_t)header ^ header->size ^ (uintptr_t)0x5EA1ED;
}

static void *allocate_guarded(size_t size)
{
  const size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
  const size_t pages = (rounded + PAGE - 1) / PAGE + (rounded == 0);
  char *region = VirtualAlloc(NULL, (pages + 2) * PAGE, MEM_RESERVE, PAGE_NOACCESS);
  struct header *header;

  if (region == NULL || !VirtualAlloc(region, (pages + 1) * PAGE, MEM_COMMIT, PAGE_READWRITE))
    return NULL;
  header = (struct header *)region;
  header->size = size;
  header->pages = pages;
  header->seal = seal_of(header);
  memset(region + PAGE, FILL, pages * PAGE);
  return memset(region + (pages + 1) * PAGE - rounded, 0, size);
}

static struct header *header_of(void *block)
{
  /* The block's first page is at most its size below the guard page; the header's page is where its
   * region was allocated. */
  MEMORY_BASIC_INFORMATION region;

  VirtualQuery(block, &region, sizeof region);
  return region.AllocationBase;
}

static BOOL is_intact(const struct header *header, const char *block)
{
  const char *first = (const char *)header + PAGE;
  const char *end = first + header->pages * PAGE;

  if (header->seal != seal_of(header))
    return FALSE;
  for (const char *at = first; at < block; at++)
    if ((unsigned char)*at != FILL)
      return FALSE;
  for (const char *at = block + header->size; at < end; at++)
    if ((unsigned char)*at != FILL)
      return FALSE;
  return TRUE;
}

/* The address space is released later, so that a use after free is noticed. */
static void free_guarded(void *block)
{
  struct header *header = header_of(block);
  const LONG place = InterlockedIncrement(&quarantined) % QUARANTINE;
  void *oldest;

  if (!is_intact(header, block))
    InterlockedIncrement(&damages);
  VirtualFree(header, (header->pages + 1) * PAGE, MEM_DECOMMIT);
  oldest = InterlockedExchangePointer(&quarantine[place & (QUARANTINE - 1)], header);
  if (oldest != NULL)
    VirtualFree(oldest, 0, MEM_RELEASE);
}

static void note_peak(void)
{
  const LONG now = resource_held(MEMORY);
  LONG seen = peak;

  while (now > seen) {
    const LONG before = InterlockedCompareExchange(&peak, now, seen);

    if (before == seen)
      break;
    seen = before;
  }
}

void *watched_allocate(HANDLE heap, DWORD flags, SIZE_T size)
{
  void *memory = guarded ? allocate_guarded(size) : HeapAlloc(heap, flags, size);

  resource_taken(MEMORY, memory != NULL);
  note_peak();
  return memory;
}

BOOL watched_free(HANDLE heap, DWORD flags, void *memory)
{
  if (memory == NULL)
    return TRUE;
  resource_given_back(MEMORY);
  if (!guarded)
    return HeapFree(heap, flags, memory);
  free_guarded(memory);
  return TRUE;
}
