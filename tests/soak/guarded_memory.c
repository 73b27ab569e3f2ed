#include "soak/guarded_memory.h"

#include <stdint.h>
#include <string.h>

/* A page for this header, then the pages of the block, which ends with the last of them, then a
 * page without access. The bytes of these pages before and behind the block are filled with a
 * pattern. */
struct header {
  size_t size;
  size_t room;
  size_t pages;
};

enum { PAGE = 4096, FILL = 0xA5, QUARANTINE = 1024 };

static volatile LONG in_use;
static volatile LONG made;
static volatile LONG damages;
static void *volatile quarantine[QUARANTINE];
static volatile LONG next_in_quarantine;

static void *allocate(size_t size, size_t room)
{
  const size_t pages = (room + PAGE - 1) / PAGE + (room == 0);
  char *region = VirtualAlloc(NULL, (pages + 2) * PAGE, MEM_RESERVE, PAGE_NOACCESS);
  struct header *header;
  char *block;

  if (region == NULL)
    return NULL;
  if (!VirtualAlloc(region, (pages + 1) * PAGE, MEM_COMMIT, PAGE_READWRITE)) {
    VirtualFree(region, 0, MEM_RELEASE);
    return NULL;
  }
  header = (struct header *)region;
  header->size = size;
  header->room = room;
  header->pages = pages;
  block = region + (pages + 1) * PAGE - room;
  memset(region + PAGE, FILL, (size_t)(block - region - PAGE));
  memset(block + size, FILL, room - size);
  InterlockedIncrement(&in_use);
  InterlockedIncrement(&made);
  return block;
}

void *guarded_allocate(size_t size)
{
  return allocate(size, size);
}

static BOOL is_filled(const char *from, const char *to)
{
  for (const char *at = from; at < to; at++) {
    if ((unsigned char)*at != FILL)
      return FALSE;
  }
  return TRUE;
}

static BOOL is_damaged(const struct header *header, const char *block)
{
  return !is_filled((const char *)header + PAGE, block) ||
         !is_filled(block + header->size, block + header->room);
}

/* The address is not used again at once, so that a use after free is noticed. */
void guarded_free(void *block)
{
  MEMORY_BASIC_INFORMATION region;
  const struct header *header;
  LONG place;
  void *oldest;

  if (block == NULL)
    return;
  VirtualQuery(block, &region, sizeof region);
  header = region.AllocationBase;
  if (is_damaged(header, block))
    InterlockedIncrement(&damages);
  VirtualFree(region.AllocationBase, (header->pages + 1) * PAGE, MEM_DECOMMIT);
  place = InterlockedIncrement(&next_in_quarantine) % QUARANTINE;
  oldest = InterlockedExchangePointer(&quarantine[place], region.AllocationBase);
  if (oldest != NULL)
    VirtualFree(oldest, 0, MEM_RELEASE);
  InterlockedDecrement(&in_use);
}

/* The heap aligns to 16 bytes, and the DLL may rely on it. */
LPVOID WINAPI guarded_heap_allocate(HANDLE heap, DWORD flags, SIZE_T size)
{
  (void)heap;
  (void)flags;
  return allocate(size, (size + 15) & ~(SIZE_T)15);
}

BOOL WINAPI guarded_heap_free(HANDLE heap, DWORD flags, LPVOID block)
{
  (void)heap;
  (void)flags;
  guarded_free(block);
  return TRUE;
}

LONG guarded_blocks(void)
{
  return in_use;
}

LONG guarded_blocks_made(void)
{
  return made;
}

LONG guarded_damages(void)
{
  return damages;
}
