#include "base/socket_record.h"

#include "base/base.h"
#include "platform/heap.h"
#include "platform/index_table.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

static SRWLOCK table_lock = SRWLOCK_INIT;
static struct index_table table;

/* --- the table ------------------------------------------------------------------- */

static struct base_socket *find_and_reference(SOCKET handle)
{
  struct base_socket *socket;

  AcquireSRWLockShared(&table_lock);
  socket = index_table_find(&table, handle);
  if (socket != NULL)
    atomic_fetch_add(&socket->references, 1);
  ReleaseSRWLockShared(&table_lock);
  return socket;
}

static struct base_socket *new_record(SOCKET handle, const struct base_entry *entry,
                                      bool overlapped)
{
  struct base_socket *socket = heap_allocate(sizeof *socket);

  if (socket == NULL)
    return NULL;
  socket->handle = handle;
  socket->entry = entry;
  socket->overlapped = overlapped;
  atomic_init(&socket->references, 1);
  InitializeSRWLock(&socket->lock);
  return socket;
}

/* The record that is listed under this handle afterwards, with a reference for
 * the caller: an older one that another thread listed first, if `keep_older`. */
static struct base_socket *list(struct base_socket *socket, bool keep_older)
{
  struct base_socket *older;
  struct base_socket *listed = socket;

  AcquireSRWLockExclusive(&table_lock);
  older = index_table_find(&table, socket->handle);
  if (older != NULL && keep_older)
    listed = older;
  else if (!index_table_insert(&table, socket->handle, socket))
    listed = NULL;
  if (listed != NULL)
    atomic_fetch_add(&listed->references, 1);
  ReleaseSRWLockExclusive(&table_lock);
  if (listed != socket)
    base_socket_release(socket);
  else if (older != NULL)
    base_socket_release(older); /* closed behind our back, and the value reused */
  return listed;
}

struct base_socket *base_socket_add(SOCKET handle, const struct base_entry *entry, bool overlapped)
{
  struct base_socket *socket = new_record(handle, entry, overlapped);

  return socket == NULL ? NULL : list(socket, false);
}

static const struct base_entry *entry_of_system_socket(SOCKET handle)
{
  WSAPROTOCOL_INFOW info;
  int size = sizeof info;
  const struct base_entry *entry;

  if (system_winsock()->getsockopt(handle, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &size) !=
      0)
    return NULL;
  if (base_entry_match(info.iAddressFamily, info.iSocketType, info.iProtocol, &entry) != 0)
    return NULL;
  return entry;
}

static struct base_socket *adopt(SOCKET handle)
{
  const struct base_entry *entry;
  struct base_socket *socket;

  if (handle == 0 || handle == INVALID_SOCKET || !base_is_started())
    return NULL;
  entry = entry_of_system_socket(handle);
  socket = entry == NULL ? NULL : new_record(handle, entry, true);
  return socket == NULL ? NULL : list(socket, true);
}

struct base_socket *base_socket_acquire(SOCKET handle)
{
  struct base_socket *socket = find_and_reference(handle);

  return socket != NULL ? socket : adopt(handle);
}

void base_socket_release(struct base_socket *socket)
{
  if (atomic_fetch_sub(&socket->references, 1) == 1)
    heap_free(socket);
}

bool base_socket_unlist(struct base_socket *socket)
{
  bool listed;

  AcquireSRWLockExclusive(&table_lock);
  listed = index_table_find(&table, socket->handle) == socket;
  if (listed)
    index_table_remove(&table, socket->handle);
  ReleaseSRWLockExclusive(&table_lock);
  if (listed)
    base_socket_release(socket);
  return listed;
}

void base_socket_relist(struct base_socket *socket)
{
  atomic_fetch_add(&socket->references, 1);
  socket = list(socket, false);
  if (socket != NULL)
    base_socket_release(socket);
}

static void doom(void *value, void *context)
{
  struct base_socket *socket = value;
  struct base_socket **chain = context;

  socket->next_doomed = *chain;
  *chain = socket;
}

struct base_socket *base_socket_unlist_all(void)
{
  struct base_socket *chain = NULL;

  AcquireSRWLockExclusive(&table_lock);
  index_table_for_each(&table, doom, &chain);
  for (struct base_socket *socket = chain; socket != NULL; socket = socket->next_doomed)
    index_table_remove(&table, socket->handle);
  ReleaseSRWLockExclusive(&table_lock);
  return chain;
}

void base_socket_clear(void)
{
  struct base_socket *socket = base_socket_unlist_all();

  while (socket != NULL) {
    struct base_socket *next = socket->next_doomed;

    base_socket_release(socket);
    socket = next;
  }
  index_table_clear(&table);
}

/* --- one call on a socket ---------------------------------------------------------- */

struct base_socket *base_enter(SOCKET s, LPINT lpErrno)
{
  struct base_socket *socket;

  if (!spi_begin(lpErrno))
    return NULL;
  socket = base_socket_acquire(s);
  if (socket == NULL) {
    spi_fail(lpErrno, WSAENOTSOCK);
    return NULL;
  }
  if (atomic_load(&socket->compromised)) {
    base_socket_release(socket);
    spi_fail(lpErrno, WSAECONNABORTED);
    return NULL;
  }
  return socket;
}

int base_leave(struct base_socket *socket, LPINT lpErrno, int code)
{
  base_socket_release(socket);
  return spi_result(lpErrno, code);
}

int base_system_error(void)
{
  const int error = system_winsock()->WSAGetLastError();

  return error != 0 ? error : WSASYSCALLFAILURE;
}

/* --- its mode ------------------------------------------------------------------------ */

static int set_system_mode(SOCKET handle, bool nonblocking)
{
  u_long value = nonblocking;
  DWORD returned;

  if (system_winsock()->WSAIoctl(handle, (DWORD)FIONBIO, &value, sizeof value, NULL, 0, &returned,
                                 NULL, NULL) != 0)
    return base_system_error();
  return 0;
}

int base_socket_set_nonblocking(struct base_socket *socket, bool nonblocking)
{
  int error;

  AcquireSRWLockExclusive(&socket->lock);
  error = set_system_mode(socket->handle, nonblocking || socket->sections > 0);
  if (error == 0)
    atomic_store(&socket->nonblocking, nonblocking);
  ReleaseSRWLockExclusive(&socket->lock);
  return error;
}

void base_socket_note_nonblocking(struct base_socket *socket)
{
  AcquireSRWLockExclusive(&socket->lock);
  atomic_store(&socket->nonblocking, true);
  ReleaseSRWLockExclusive(&socket->lock);
}

int base_section_enter(struct base_socket *socket)
{
  int error = 0;

  AcquireSRWLockExclusive(&socket->lock);
  if (atomic_load(&socket->closing))
    error = WSAEINTR;
  else if (socket->sections == 0 && !atomic_load(&socket->nonblocking))
    error = set_system_mode(socket->handle, true);
  if (error == 0)
    socket->sections++;
  ReleaseSRWLockExclusive(&socket->lock);
  return error;
}

void base_section_leave(struct base_socket *socket)
{
  AcquireSRWLockExclusive(&socket->lock);
  socket->sections--;
  if (socket->sections == 0 && !atomic_load(&socket->nonblocking) && !atomic_load(&socket->closing))
    set_system_mode(socket->handle, false);
  ReleaseSRWLockExclusive(&socket->lock);
}
