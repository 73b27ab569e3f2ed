#include "blocking/thread_record.h"

#include "platform/hash_table.h"
#include "platform/heap.h"

static SRWLOCK registry_lock = SRWLOCK_INIT;
static struct hash_table registry; /* by thread id */

void thread_record_reference(struct thread_record *record)
{
  atomic_fetch_add_explicit(&record->references, 1, memory_order_relaxed);
}

struct thread_record *thread_record_acquire(DWORD thread_id)
{
  struct thread_record *record;

  AcquireSRWLockShared(&registry_lock); /* mutant: lookup_unlocked */
  record = hash_table_find(&registry, thread_id);
  if (record != NULL) /* mutant: late_reference */
    thread_record_reference(record);
  ReleaseSRWLockShared(&registry_lock); /* mutant: lookup_unlocked late_reference no_unlock */
  return record;
}

void thread_record_release(struct thread_record *record)
{
  HANDLE wake;

  /* mutant: relaxed_release */
  if (atomic_fetch_sub_explicit(&record->references, 1, memory_order_acq_rel) != 1)
    return;
  wake = atomic_load_explicit(&record->wake, memory_order_relaxed);
  if (wake != NULL)
    CloseHandle(wake);
  heap_free(record);
}

/* Frees the handles and memory of waits whose thread ended inside its hook or was terminated, and
 * drops their references. */
static void thread_record_abandon_waits(struct thread_record *record)
{
  while (record->innermost != NULL) {
    struct blocking_operation *operation = record->innermost;

    record->innermost = operation->outer;
    operation->abandon(operation);
    thread_record_release(record); /* mutant: abandoned_wait_keeps_reference */
  }
}

static void thread_record_retire(struct thread_record *record)
{
  thread_record_abandon_waits(record);
  thread_record_release(record); /* mutant: thread_closes_event */
}

/* Lists the record. *stale receives the record of an earlier thread with the same id, which was
 * terminated: it had no DLL_THREAD_DETACH. */
static bool thread_record_list(struct thread_record *record, struct thread_record **stale)
{
  bool listed;

  AcquireSRWLockExclusive(&registry_lock); /* mutant: list_unlocked list_shared */
  *stale = hash_table_find(&registry, record->thread_id);
  listed = hash_table_insert(&registry, record->thread_id, record);
  ReleaseSRWLockExclusive(&registry_lock); /* mutant: list_unlocked list_shared */
  return listed;
}

static void thread_record_unlist(struct thread_record *record)
{
  AcquireSRWLockExclusive(&registry_lock); /* mutant: unlist_unlocked */
  if (hash_table_find(&registry, record->thread_id) == record)
    hash_table_remove(&registry, record->thread_id); /* mutant: ended_thread_stays_listed */
  ReleaseSRWLockExclusive(&registry_lock);           /* mutant: unlist_unlocked */
}

bool thread_creation_time(HANDLE thread, FILETIME *created)
{
  FILETIME unused[3];

  return GetThreadTimes(thread, created, &unused[0], &unused[1], &unused[2]) != 0;
}

struct thread_record *thread_record_get_or_create(void)
{
  struct thread_record *record = thread_record_get();
  struct thread_record *stale;

  if (record != NULL)
    return record;
  record = heap_allocate(sizeof *record);
  if (record == NULL)
    return NULL;
  atomic_init(&record->references, 1);
  record->thread_id = GetCurrentThreadId();
  if (!thread_creation_time(GetCurrentThread(), &record->created) ||
      !module_thread_slot_set(record))
    goto free_record;
  if (!thread_record_list(record, &stale))
    goto clear_slot;
  if (stale != NULL)
    thread_record_retire(stale);
  return record;

clear_slot:
  module_thread_slot_set(NULL);
free_record:
  heap_free(record);
  return NULL;
}

void blocking_thread_detach(void)
{
  struct thread_record *record = thread_record_get();

  if (record == NULL)
    return;
  thread_record_unlist(record);
  thread_record_retire(record);
  module_thread_slot_set(NULL);
}

static void thread_record_release_visited(void *record, void *context)
{
  (void)context;
  thread_record_release(record);
}

void blocking_process_detach(void)
{
  hash_table_for_each(&registry, thread_record_release_visited, NULL);
  hash_table_clear(&registry);
}
