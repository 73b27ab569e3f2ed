#include "support/cmocka_headers.h"

#include "support/replaced_imports.h"

#include "injection/import_table.h"

struct list {
  const struct replaced_import *imports;
  size_t count;
  size_t found;
};

static FARPROC replacement_of(const char *dll, const char *name, void *context)
{
  struct list *list = context;

  (void)dll;
  for (size_t i = 0; i < list->count; i++) {
    if (strcmp(list->imports[i].name, name) == 0) {
      list->found++;
      return list->imports[i].function;
    }
  }
  return NULL;
}

void replace_imports(const struct replaced_import *imports, size_t count)
{
  struct list list = {imports, count, 0};

  import_table_visit(GetModuleHandleW(L"ws2spi.dll"), replacement_of, &list);
  assert_int_equal(list.found, count);
}

/* --- memory ------------------------------------------------------------------------------------- */

static int until_failure;
static BOOL lasts, has_failed;

static LPVOID WINAPI allocate(HANDLE heap, DWORD flags, SIZE_T size)
{
  if (until_failure > 1)
    until_failure--;
  else if (until_failure == 1) {
    until_failure = lasts ? 1 : 0;
    has_failed = TRUE;
    return NULL;
  }
  return HeapAlloc(heap, flags, size);
}

void replace_memory(void)
{
  static const struct replaced_import imports[] = {REPLACED_IMPORT(HeapAlloc, allocate)};

  replace_imports(imports, 1);
}

void memory_fails_at(int n, BOOL lasting)
{
  until_failure = n;
  lasts = lasting;
  has_failed = FALSE;
}

BOOL memory_is_back(void)
{
  until_failure = 0;
  return has_failed;
}

/* --- locks -------------------------------------------------------------------------------------- */

enum { MOST_HELD = 8 };

static struct {
  DWORD thread;
  int until_act;
  void (*act)(void);
  BOOL runs, has_run;
  PSRWLOCK held[MOST_HELD];
  int held_count;
} interruption;

static BOOL is_held(PSRWLOCK lock)
{
  for (int i = 0; i < interruption.held_count; i++)
    if (interruption.held[i] == lock)
      return TRUE;
  return FALSE;
}

static void run_act(void)
{
  interruption.runs = TRUE;
  interruption.act();
  interruption.runs = FALSE;
  interruption.has_run = TRUE;
}

/* One lock may be held: that of a store, for its writers. No act of these tests writes to that
 * store. */
static void before_lock(PSRWLOCK lock)
{
  if (GetCurrentThreadId() != interruption.thread)
    return;
  if (is_held(lock))
    fail_msg("%s waits for a lock that its own thread holds",
             interruption.runs ? "the interrupting act" : "the DLL");
  if (interruption.until_act > 0 && --interruption.until_act == 0)
    run_act();
  assert_true(interruption.held_count < MOST_HELD);
  interruption.held[interruption.held_count++] = lock;
}

static void before_unlock(PSRWLOCK lock)
{
  int i = 0;

  if (GetCurrentThreadId() != interruption.thread)
    return;
  while (i < interruption.held_count && interruption.held[i] != lock)
    i++;
  if (i < interruption.held_count)
    interruption.held[i] = interruption.held[--interruption.held_count];
}

static VOID WINAPI lock_exclusive(PSRWLOCK lock)
{
  before_lock(lock);
  AcquireSRWLockExclusive(lock);
}

static VOID WINAPI lock_shared(PSRWLOCK lock)
{
  before_lock(lock);
  AcquireSRWLockShared(lock);
}

static VOID WINAPI unlock_exclusive(PSRWLOCK lock)
{
  before_unlock(lock);
  ReleaseSRWLockExclusive(lock);
}

static VOID WINAPI unlock_shared(PSRWLOCK lock)
{
  before_unlock(lock);
  ReleaseSRWLockShared(lock);
}

void replace_locks(void)
{
  static const struct replaced_import imports[] = {
      REPLACED_IMPORT(AcquireSRWLockExclusive, lock_exclusive),
      REPLACED_IMPORT(AcquireSRWLockShared, lock_shared),
      REPLACED_IMPORT(ReleaseSRWLockExclusive, unlock_exclusive),
      REPLACED_IMPORT(ReleaseSRWLockShared, unlock_shared),
  };

  replace_imports(imports, sizeof imports / sizeof imports[0]);
}

void interrupt_at_lock(int n, void (*act)(void))
{
  interruption.thread = GetCurrentThreadId();
  interruption.until_act = n;
  interruption.act = act;
  interruption.has_run = FALSE;
  interruption.held_count = 0;
}

BOOL interrupt_end(void)
{
  interruption.thread = 0;
  return interruption.has_run;
}
