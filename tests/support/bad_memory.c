#include "support/bad_memory.h"

#include <string.h>
#include <windows.h>

enum { PAGE = 4096 };

static const char GUARD_PAGE[] = "guard page";

static const int constant_data[64] = {1};

static void *reserve(SIZE_T pages)
{
  return VirtualAlloc(NULL, pages * PAGE, MEM_RESERVE, PAGE_NOACCESS);
}

static void *pages_with(DWORD protection)
{
  return VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, protection);
}

/* One byte before a page that is not mapped. */
static void *page_crossing(void)
{
  char *page = reserve(2);

  VirtualAlloc(page, PAGE, MEM_COMMIT, PAGE_READWRITE);
  return page + PAGE - 1;
}

static void *code(void)
{
  const void *address;
  void *(*function)(void) = page_crossing;

  memcpy(&address, &function, sizeof address);
  return (void *)(ULONG_PTR)address;
}

void *end_of_page(size_t size)
{
  char *page = reserve(2);

  VirtualAlloc(page, PAGE, MEM_COMMIT, PAGE_READWRITE);
  return page + PAGE - size;
}

void *bad_address(const struct bad_pointer *bad)
{
  DWORD before;

  if (strcmp(bad->kind, GUARD_PAGE) == 0)
    VirtualProtect(bad->address, PAGE, PAGE_READWRITE | PAGE_GUARD, &before);
  return bad->address;
}

const struct bad_pointer *bad_pointers(void)
{
  static struct bad_pointer list[16];
  struct bad_pointer *next = list;
  void *unmapped = reserve(1);

  *next++ = (struct bad_pointer){"NULL", NULL, 0};
  *next++ = (struct bad_pointer){"unmapped", unmapped, 0};
  *next++ = (struct bad_pointer){"reserved", reserve(1), 0};
  *next++ = (struct bad_pointer){"no-access", pages_with(PAGE_NOACCESS), 0};
  *next++ = (struct bad_pointer){GUARD_PAGE, pages_with(PAGE_READWRITE | PAGE_GUARD), 0};
  *next++ = (struct bad_pointer){"page-crossing", page_crossing(), 0};
  *next++ = (struct bad_pointer){"read-only", pages_with(PAGE_READONLY), 1};
  *next++ = (struct bad_pointer){"code", code(), 1};
  *next++ = (struct bad_pointer){"constant data", (void *)(ULONG_PTR)constant_data, 1};
#ifdef _WIN64
  *next++ = (struct bad_pointer){"kernel range", (void *)0xFFFF800000001000, 0};
  *next++ = (struct bad_pointer){"non-canonical", (void *)0x4141414141414141, 0};
  *next++ = (struct bad_pointer){"top of memory", (void *)0xFFFFFFFFFFFFFFFF, 0};
#else
  *next++ = (struct bad_pointer){"kernel range", (void *)0xC0001000, 0};
  *next++ = (struct bad_pointer){"top of memory", (void *)0xFFFFFFFF, 0};
#endif
  *next = (struct bad_pointer){NULL, NULL, 0};
  /* Freed last: otherwise the next reservation would get this address. */
  VirtualFree(unmapped, 0, MEM_RELEASE);
  return list;
}
