#include "base/base_socket.h"

#include "base/base.h"
#include "platform/heap.h"
#include "platform/hash_table.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

static SRWLOCK table_lock = SRWLOCK_INIT;
static struct hash_table table; /* handle to record */

/* --- the table ------------------------------------------------------------------------ */

/* The record with a reference. NULL: not listed, or being closed. */
static struct base_socket *base_socket_find(SOCKET handle, bool *listed)
{
  struct base_socket *socket;

  AcquireSRWLockShared(&table_lock);
  socket = hash_table_find(&table, handle);
  *listed = socket != NULL;
  if (socket != NULL && atomic_load(&socket->closing))
    socket = NULL;
  if (socket != NULL)
    atomic_fetch_add(&socket->references, 1);
  ReleaseSRWLockShared(&table_lock);
  return socket;
}

struct base_socket *base_socket_new(const struct base_protocol *protocol, bool overlapped)
{
  struct base_socket *socket = heap_allocate(sizeof *socket);

  if (socket == NULL)
    return NULL;
  socket->handle = INVALID_SOCKET;
  socket->protocol = protocol;
  socket->overlapped = overlapped;
  atomic_init(&socket->references, 1);
  InitializeSRWLock(&socket->lock);
  return socket;
}

bool base_socket_list(struct base_socket *socket, SOCKET handle)
{
  struct base_socket *older;
  bool listed;

  socket->handle = handle;
  AcquireSRWLockExclusive(&table_lock);
  older = hash_table_find(&table, handle);
  listed = hash_table_insert(&table, handle, socket);
  if (listed)
    atomic_fetch_add(&socket->references, 1);
  ReleaseSRWLockExclusive(&table_lock);
  if (listed && older != NULL)
    base_socket_release(older); /* its close is about to return, or went past this provider */
  return listed;
}

static const struct base_protocol *base_socket_ask_protocol(SOCKET handle)
{
  WSAPROTOCOL_INFOW info;
  int size = sizeof info;
  const struct base_protocol *protocol;

  if (system_winsock()->getsockopt(handle, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &size) !=
      0)
    return NULL;
  if (base_protocol_find(info.iAddressFamily, info.iSocketType, info.iProtocol, &protocol) != 0)
    return NULL;
  return protocol;
}

/* If another thread has listed the handle first, returns that record, or NULL if it is being
 * closed. */
static struct base_socket *base_socket_list_adopted(struct base_socket *socket)
{
  struct base_socket *listed;

  AcquireSRWLockExclusive(&table_lock);
  listed = hash_table_find(&table, socket->handle);
  if (listed == NULL && hash_table_insert(&table, socket->handle, socket)) {
    atomic_fetch_add(&socket->references, 1);
    listed = socket;
  } else if (listed != NULL && atomic_load(&listed->closing)) {
    listed = NULL;
  }
  if (listed != NULL)
    atomic_fetch_add(&listed->references, 1);
  ReleaseSRWLockExclusive(&table_lock);
  base_socket_release(socket);
  return listed;
}

static struct base_socket *base_socket_adopt(SOCKET handle)
{
  const struct base_protocol *protocol;
  struct base_socket *socket;

  if (handle == 0 || handle == INVALID_SOCKET || !base_is_started())
    return NULL;
  protocol = base_socket_ask_protocol(handle);
  socket = protocol == NULL ? NULL : base_socket_new(protocol, true);
  if (socket == NULL)
    return NULL;
  socket->handle = handle;
  socket->adopted = true;
  return base_socket_list_adopted(socket);
}

struct base_socket *base_socket_acquire(SOCKET handle)
{
  bool listed;
  struct base_socket *socket = base_socket_find(handle, &listed);

  return listed ? socket : base_socket_adopt(handle);
}

void base_socket_release(struct base_socket *socket)
{
  if (atomic_fetch_sub(&socket->references, 1) == 1)
    heap_free(socket);
}

bool base_socket_begin_close(struct base_socket *socket)
{
  bool begun;

  AcquireSRWLockExclusive(&table_lock);
  begun = hash_table_find(&table, socket->handle) == socket && !atomic_load(&socket->closing);
  if (begun)
    atomic_store(&socket->closing, true);
  ReleaseSRWLockExclusive(&table_lock);
  return begun;
}

void base_socket_unlist(struct base_socket *socket)
{
  bool listed;

  AcquireSRWLockExclusive(&table_lock);
  listed = hash_table_find(&table, socket->handle) == socket;
  if (listed)
    hash_table_remove(&table, socket->handle);
  ReleaseSRWLockExclusive(&table_lock);
  if (listed)
    base_socket_release(socket);
}

static void base_socket_collect_for_close(void *value, void *context)
{
  struct base_socket *socket = value;
  struct base_socket **first = context;

  if (atomic_exchange(&socket->closing, true))
    return;
  atomic_fetch_add(&socket->references, 1);
  socket->next_to_close = *first;
  *first = socket;
}

struct base_socket *base_socket_begin_close_of_all(void)
{
  struct base_socket *first = NULL;

  AcquireSRWLockExclusive(&table_lock);
  hash_table_for_each(&table, base_socket_collect_for_close, &first);
  ReleaseSRWLockExclusive(&table_lock);
  return first;
}

static void base_socket_drop(void *socket, void *context)
{
  (void)context;
  base_socket_release(socket);
}

void base_socket_clear(void)
{
  hash_table_for_each(&table, base_socket_drop, NULL);
  hash_table_clear(&table);
}

/* --- one call on a socket ------------------------------------------------------------- */

struct base_socket *base_enter(const char *function, SOCKET s, LPINT lpErrno)
{
  struct base_socket *socket;

  if (!spi_begin_in(function, lpErrno))
    return NULL;
  socket = base_socket_acquire(s);
  if (socket == NULL) {
    spi_fail_in(function, lpErrno, WSAENOTSOCK);
    return NULL;
  }
  if (atomic_load(&socket->stream_aborted)) {
    base_socket_release(socket);
    spi_fail_in(function, lpErrno, WSAECONNABORTED);
    return NULL;
  }
  return socket;
}

int base_leave(const char *function, struct base_socket *socket, LPINT lpErrno, int code)
{
  base_socket_release(socket);
  return spi_result_in(function, lpErrno, code);
}

int base_system_error(void)
{
  const int error = system_winsock()->WSAGetLastError();

  return error != 0 ? error : WSASYSCALLFAILURE;
}
