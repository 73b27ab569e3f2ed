#include "sockets/socket_table.h"

#include "platform/heap.h"
#include "platform/hash_table.h"

/* The record of a handle of either kind. Writers hold the lock exclusively, and keep the version
 * odd while they write. */
struct handle_record {
  atomic_uint version;
  atomic_bool is_made;
  atomic_uintptr_t handle; /* 0: not listed */
  atomic_uintptr_t context;
  DWORD catalog_entry_id;
  unsigned references;
  struct handle_device device;
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

/* --- records, under the lock -------------------------------------------------------- */

static bool socket_table_add_slab(void)
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

static struct handle_record *socket_table_allocate(void)
{
  struct handle_record *record;

  if (free_records == NULL && !socket_table_add_slab())
    return NULL;
  record = free_records;
  free_records = record->next_free;
  return record;
}

static void socket_table_free(struct handle_record *record)
{
  record->next_free = free_records;
  free_records = record;
}

static void socket_table_write(struct handle_record *record, SOCKET handle, bool is_made,
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

static bool socket_table_is_made(const struct handle_record *record)
{
  return record != NULL && atomic_load_explicit(&record->is_made, memory_order_relaxed);
}

/* The caller gets the table's reference to the record of a made handle. */
static struct handle_record *socket_table_unlist(SOCKET handle)
{
  struct handle_record *record = hash_table_remove(&records, handle);

  if (record != NULL)
    socket_table_write(record, 0, socket_table_is_made(record), 0);
  return record;
}

/* If the system returns the value again, the handle was closed directly: the record is outdated. */
static void socket_table_drop_stale(SOCKET handle)
{
  struct handle_record *record = hash_table_find(&records, handle);

  if (record != NULL && !socket_table_is_made(record))
    socket_table_free(socket_table_unlist(handle));
}

/* --- handles of other makers -------------------------------------------------------- */

static int socket_table_set_locked(SOCKET handle, DWORD id)
{
  struct handle_record *record = hash_table_find(&records, handle);

  if (socket_table_is_made(record))
    return WSAEINVAL;
  if (record == NULL) {
    record = socket_table_allocate();
    if (record == NULL)
      return WSAENOBUFS;
    if (!hash_table_insert(&records, handle, record)) {
      socket_table_free(record);
      return WSAENOBUFS;
    }
    socket_table_write(record, handle, false, 0);
  }
  record->catalog_entry_id = id;
  return 0;
}

int socket_table_set(SOCKET handle, DWORD catalog_entry_id)
{
  int error;

  AcquireSRWLockExclusive(&lock);
  error = socket_table_set_locked(handle, catalog_entry_id);
  ReleaseSRWLockExclusive(&lock);
  return error;
}

bool socket_table_get(SOCKET handle, DWORD *catalog_entry_id)
{
  const struct handle_record *found;

  AcquireSRWLockShared(&lock);
  found = hash_table_find(&records, handle);
  if (found != NULL)
    *catalog_entry_id = found->catalog_entry_id;
  ReleaseSRWLockShared(&lock);
  return found != NULL;
}

void socket_table_forget(SOCKET handle)
{
  AcquireSRWLockExclusive(&lock);
  socket_table_drop_stale(handle);
  ReleaseSRWLockExclusive(&lock);
}

/* --- handles that we made ----------------------------------------------------------- */

/* A program that removes the protection from CloseHandle can close a made handle directly too.
 * *stale receives the record of such a handle, with the table's reference. */
static bool socket_table_list(const struct handle_device *device, DWORD id, DWORD_PTR context,
                              struct handle_record **stale)
{
  struct handle_record *record = socket_table_allocate();

  if (record == NULL)
    return false;
  socket_table_drop_stale(device->handle);
  *stale = socket_table_unlist(device->handle);
  if (!hash_table_insert(&records, device->handle, record)) {
    socket_table_free(record);
    return false;
  }
  record->catalog_entry_id = id;
  record->device = *device;
  record->references = 1;
  socket_table_write(record, device->handle, true, context);
  return true;
}

int socket_table_make(DWORD catalog_entry_id, DWORD_PTR context, SOCKET *handle)
{
  struct handle_record *stale = NULL;
  struct handle_device device;
  bool listed;

  if (!handle_device_open(&device))
    return WSAENOBUFS;
  AcquireSRWLockExclusive(&lock);
  listed = socket_table_list(&device, catalog_entry_id, context, &stale);
  ReleaseSRWLockExclusive(&lock);
  if (stale != NULL)
    handle_record_release(stale);
  if (!listed) {
    handle_device_close_handle(&device);
    handle_device_close_device(&device);
    return WSAENOBUFS;
  }
  *handle = device.handle;
  return 0;
}

bool socket_table_close(SOCKET handle)
{
  struct handle_record *record;

  AcquireSRWLockExclusive(&lock);
  record = hash_table_find(&records, handle);
  if (socket_table_is_made(record))
    socket_table_unlist(handle);
  else
    record = NULL;
  ReleaseSRWLockExclusive(&lock);
  if (record == NULL)
    return false;
  handle_device_close_handle(&record->device);
  handle_record_release(record);
  return true;
}

/* False if the record does not belong to the handle, or changed during the read. */
static bool socket_table_read_context(const struct handle_record *record, SOCKET handle,
                                      DWORD_PTR *context)
{
  const unsigned version = atomic_load_explicit(&record->version, memory_order_acquire);
  const bool ours = atomic_load_explicit(&record->handle, memory_order_relaxed) == handle &&
                    atomic_load_explicit(&record->is_made, memory_order_relaxed);

  *context = atomic_load_explicit(&record->context, memory_order_relaxed);
  atomic_thread_fence(memory_order_acquire);
  return ours && version % 2 == 0 &&
         atomic_load_explicit(&record->version, memory_order_relaxed) == version;
}

static bool socket_table_context_locked(SOCKET handle, DWORD_PTR *context)
{
  const struct handle_record *record;

  AcquireSRWLockShared(&lock);
  record = hash_table_find(&records, handle);
  if (socket_table_is_made(record))
    *context = atomic_load_explicit(&record->context, memory_order_relaxed);
  else
    record = NULL;
  ReleaseSRWLockShared(&lock);
  return record != NULL;
}

bool socket_table_context(SOCKET handle, DWORD_PTR *context)
{
  const struct handle_record *record = hash_table_find_unlocked(&records, handle);

  if (record != NULL && socket_table_read_context(record, handle, context))
    return true;
  return socket_table_context_locked(handle, context);
}

struct handle_record *socket_table_acquire(SOCKET handle)
{
  struct handle_record *record;

  AcquireSRWLockExclusive(&lock);
  record = hash_table_find(&records, handle);
  if (socket_table_is_made(record))
    record->references++;
  else
    record = NULL;
  ReleaseSRWLockExclusive(&lock);
  return record;
}

const struct handle_device *handle_record_device(const struct handle_record *record)
{
  return &record->device;
}

void handle_record_release(struct handle_record *record)
{
  struct handle_device device;
  bool last;

  AcquireSRWLockExclusive(&lock);
  device = record->device;
  last = --record->references == 0;
  if (last)
    socket_table_free(record);
  ReleaseSRWLockExclusive(&lock);
  if (last)
    handle_device_close_device(&device);
}

/* --- the end ------------------------------------------------------------------------ */

static void socket_table_close_visited(void *value, void *context)
{
  struct handle_record *record = value;

  (void)context;
  if (socket_table_is_made(record)) {
    handle_device_close_handle(&record->device);
    handle_device_close_device(&record->device);
  }
}

void socket_table_clear(void)
{
  hash_table_for_each(&records, socket_table_close_visited, NULL);
  hash_table_clear(&records);
  while (slabs != NULL) {
    struct slab *next = slabs->next;

    heap_free(slabs);
    slabs = next;
  }
  free_records = NULL;
}
