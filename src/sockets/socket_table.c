#include "sockets/socket_table.h"

#include "platform/heap.h"
#include "platform/hash_table.h"

/* One record of either kind. Its writers hold the lock exclusively and keep the version odd while they
 * write. */
struct handle_record {
  atomic_uint version;
  atomic_bool is_made;
  atomic_uintptr_t handle; /* 0: in no table */
  atomic_uintptr_t context;
  DWORD catalog_entry_id;
  unsigned references;
  struct handle_device object;
  struct handle_record *next_free;
};

enum { SLAB_RECORDS = 64 };

struct slab {
  struct slab *next;
  struct handle_record record[SLAB_RECORDS];
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct hash_table records;
static struct handle_record *free_records;
static struct slab *slabs;

/* --- records, under the lock ------------------------------------------------------------ */

static bool add_slab(void)
{
  struct slab *slab = heap_allocate(sizeof *slab);

  if (slab == NULL)
    return false;
  slab->next = slabs;
  slabs = slab;
  for (size_t i = 0; i < SLAB_RECORDS; i++) {
    slab->record[i].next_free = free_records;
    free_records = &slab->record[i];
  }
  return true;
}

static struct handle_record *take_record(void)
{
  struct handle_record *record;

  if (free_records == NULL && !add_slab())
    return NULL;
  record = free_records;
  free_records = record->next_free;
  return record;
}

static void give_back(struct handle_record *record)
{
  record->next_free = free_records;
  free_records = record;
}

static void write_record(struct handle_record *record, SOCKET handle, bool is_made,
                         DWORD_PTR context)
{
  const unsigned version = atomic_load_explicit(&record->version, memory_order_relaxed);

  atomic_store_explicit(&record->version, version + 1, memory_order_relaxed);
  atomic_thread_fence(memory_order_release);
  atomic_store_explicit(&record->handle, handle, memory_order_relaxed);
  atomic_store_explicit(&record->is_made, is_made, memory_order_relaxed);
  atomic_store_explicit(&record->context, context, memory_order_relaxed);
  atomic_store_explicit(&record->version, version + 2, memory_order_release);
}

static bool is_made(const struct handle_record *record)
{
  return record != NULL && atomic_load_explicit(&record->is_made, memory_order_relaxed);
}

/* The table's reference of a made record stays with the caller. */
static struct handle_record *unlist(SOCKET handle)
{
  struct handle_record *record = hash_table_remove(&records, handle);

  if (record != NULL)
    write_record(record, 0, is_made(record), 0);
  return record;
}

/* A value that the system gives out again was closed past us: what we knew is of no use. */
static void drop_stale(SOCKET handle)
{
  struct handle_record *record = hash_table_find(&records, handle);

  if (record != NULL && !is_made(record))
    give_back(unlist(handle));
}

/* --- handles of other makers --------------------------------------------------------------- */

static int set_under_lock(SOCKET handle, DWORD id)
{
  struct handle_record *record = hash_table_find(&records, handle);

  if (is_made(record))
    return WSAEINVAL;
  if (record == NULL) {
    record = take_record();
    if (record == NULL)
      return WSAENOBUFS;
    if (!hash_table_insert(&records, handle, record)) {
      give_back(record);
      return WSAENOBUFS;
    }
    write_record(record, handle, false, 0);
  }
  record->catalog_entry_id = id;
  return 0;
}

int socket_table_set(SOCKET handle, const struct socket_record *record)
{
  int error;

  AcquireSRWLockExclusive(&lock);
  error = set_under_lock(handle, record->catalog_entry_id);
  ReleaseSRWLockExclusive(&lock);
  return error;
}

bool socket_table_get(SOCKET handle, struct socket_record *record)
{
  const struct handle_record *found;

  AcquireSRWLockShared(&lock);
  found = hash_table_find(&records, handle);
  if (found != NULL)
    record->catalog_entry_id = found->catalog_entry_id;
  ReleaseSRWLockShared(&lock);
  return found != NULL;
}

void socket_table_forget(SOCKET handle)
{
  AcquireSRWLockExclusive(&lock);
  drop_stale(handle);
  ReleaseSRWLockExclusive(&lock);
}

/* --- handles that we made ---------------------------------------------------------------------- */

/* A program that takes the protection away can close a made handle past us too; its record then
 * goes to the caller, with the table's reference. */
static bool list_made(const struct handle_device *object, DWORD id, DWORD_PTR context,
                      struct handle_record **stale)
{
  struct handle_record *record = take_record();

  if (record == NULL)
    return false;
  drop_stale(object->handle);
  *stale = unlist(object->handle);
  if (!hash_table_insert(&records, object->handle, record)) {
    give_back(record);
    return false;
  }
  record->catalog_entry_id = id;
  record->object = *object;
  record->references = 1;
  write_record(record, object->handle, true, context);
  return true;
}

int socket_table_make(DWORD catalog_entry_id, DWORD_PTR context, SOCKET *handle)
{
  struct handle_record *stale = NULL;
  struct handle_device object;
  bool listed;

  if (!handle_device_open(&object))
    return WSAENOBUFS;
  AcquireSRWLockExclusive(&lock);
  listed = list_made(&object, catalog_entry_id, context, &stale);
  ReleaseSRWLockExclusive(&lock);
  if (stale != NULL)
    handle_record_release(stale);
  if (!listed) {
    handle_device_close_handle(&object);
    handle_device_close_device(&object);
    return WSAENOBUFS;
  }
  *handle = object.handle;
  return 0;
}

bool socket_table_close(SOCKET handle)
{
  struct handle_record *record;

  AcquireSRWLockExclusive(&lock);
  record = hash_table_find(&records, handle);
  if (is_made(record))
    unlist(handle);
  else
    record = NULL;
  ReleaseSRWLockExclusive(&lock);
  if (record == NULL)
    return false;
  handle_device_close_handle(&record->object);
  handle_record_release(record);
  return true;
}

/* False if the record is not the handle's, or was written meanwhile. */
static bool read_context(const struct handle_record *record, SOCKET handle, DWORD_PTR *context)
{
  const unsigned version = atomic_load_explicit(&record->version, memory_order_acquire);
  const bool ours = atomic_load_explicit(&record->handle, memory_order_relaxed) == handle &&
                    atomic_load_explicit(&record->is_made, memory_order_relaxed);

  *context = atomic_load_explicit(&record->context, memory_order_relaxed);
  atomic_thread_fence(memory_order_acquire);
  return ours && version % 2 == 0 &&
         atomic_load_explicit(&record->version, memory_order_relaxed) == version;
}

static bool context_under_lock(SOCKET handle, DWORD_PTR *context)
{
  const struct handle_record *record;

  AcquireSRWLockShared(&lock);
  record = hash_table_find(&records, handle);
  if (is_made(record))
    *context = atomic_load_explicit(&record->context, memory_order_relaxed);
  else
    record = NULL;
  ReleaseSRWLockShared(&lock);
  return record != NULL;
}

bool socket_table_context(SOCKET handle, DWORD_PTR *context)
{
  const struct handle_record *record = hash_table_find_unlocked(&records, handle);

  if (record != NULL && read_context(record, handle, context))
    return true;
  return context_under_lock(handle, context);
}

struct handle_record *socket_table_acquire(SOCKET handle)
{
  struct handle_record *record;

  AcquireSRWLockExclusive(&lock);
  record = hash_table_find(&records, handle);
  if (is_made(record))
    record->references++;
  else
    record = NULL;
  ReleaseSRWLockExclusive(&lock);
  return record;
}

const struct handle_device *handle_record_object(const struct handle_record *socket)
{
  return &socket->object;
}

void handle_record_release(struct handle_record *socket)
{
  struct handle_device object;
  bool last;

  AcquireSRWLockExclusive(&lock);
  object = socket->object;
  last = --socket->references == 0;
  if (last)
    give_back(socket);
  ReleaseSRWLockExclusive(&lock);
  if (last)
    handle_device_close_device(&object);
}

/* --- the end --------------------------------------------------------------------------------------- */

static void close_made(void *value, void *context)
{
  struct handle_record *record = value;

  (void)context;
  if (is_made(record)) {
    handle_device_close_handle(&record->object);
    handle_device_close_device(&record->object);
  }
}

void socket_table_clear(void)
{
  hash_table_for_each(&records, close_made, NULL);
  hash_table_clear(&records);
  while (slabs != NULL) {
    struct slab *next = slabs->next;

    heap_free(slabs);
    slabs = next;
  }
  free_records = NULL;
}
