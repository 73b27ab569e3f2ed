#include "sockets/socket_table.h"

#include "platform/heap.h"
#include "platform/index_table.h"

static SRWLOCK lock = SRWLOCK_INIT;
static struct index_table records;

int socket_table_set(SOCKET handle, const struct socket_record *record)
{
  struct socket_record *copy = heap_allocate(sizeof *copy);
  struct socket_record *replaced;
  bool inserted;

  if (copy == NULL)
    return WSAENOBUFS;
  *copy = *record;
  AcquireSRWLockExclusive(&lock);
  replaced = index_table_find(&records, handle);
  inserted = index_table_insert(&records, handle, copy);
  ReleaseSRWLockExclusive(&lock);
  heap_free(inserted ? replaced : copy);
  return inserted ? 0 : WSAENOBUFS;
}

bool socket_table_get(SOCKET handle, struct socket_record *record)
{
  const struct socket_record *found;

  AcquireSRWLockShared(&lock);
  found = index_table_find(&records, handle);
  if (found != NULL)
    *record = *found;
  ReleaseSRWLockShared(&lock);
  return found != NULL;
}

void socket_table_forget(SOCKET handle)
{
  struct socket_record *removed;

  AcquireSRWLockExclusive(&lock);
  removed = index_table_remove(&records, handle);
  ReleaseSRWLockExclusive(&lock);
  heap_free(removed);
}

static void free_record(void *record, void *context)
{
  (void)context;
  heap_free(record);
}

void socket_table_clear(void)
{
  index_table_for_each(&records, free_record, NULL);
  index_table_clear(&records);
}
