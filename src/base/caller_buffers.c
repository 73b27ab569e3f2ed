#include "base/caller_buffers.h"

#include "platform/caller_memory.h"
#include "platform/heap.h"

#include <string.h>

enum { MOST_BUFFERS = 65536 };

/* Only the first and the last byte are tried. */
static bool caller_buffer_is_readable(const WSABUF *buffer)
{
  char byte;

  return buffer->len == 0 || (caller_read(&byte, buffer->buf, 1) &&
                              caller_read(&byte, caller_offset(buffer->buf, buffer->len - 1), 1));
}

static bool caller_buffer_is_writable(const WSABUF *buffer)
{
  return buffer->len == 0 || (caller_can_write(buffer->buf, 1) &&
                              caller_can_write(caller_offset(buffer->buf, buffer->len - 1), 1));
}

static bool caller_buffers_are_usable(const struct caller_buffers *buffers, enum buffer_use use)
{
  for (DWORD i = 0; i < buffers->count; i++) {
    if (use == BUFFERS_ARE_READ ? !caller_buffer_is_readable(&buffers->list[i])
                                : !caller_buffer_is_writable(&buffers->list[i]))
      return false;
  }
  return true;
}

static bool caller_buffers_allocate(struct caller_buffers *buffers)
{
  buffers->on_heap = buffers->count > sizeof buffers->few / sizeof buffers->few[0];
  if (buffers->on_heap)
    buffers->list = heap_allocate(buffers->count * sizeof buffers->list[0]);
  else
    buffers->list = buffers->few;
  return buffers->list != NULL;
}

int caller_buffers_copy(struct caller_buffers *buffers, const WSABUF *array, DWORD count,
                        enum buffer_use use)
{
  buffers->count = count;
  if (count == 0 || count > MOST_BUFFERS)
    return WSAEINVAL;
  if (!caller_buffers_allocate(buffers))
    return WSAENOBUFS;
  if (caller_read(buffers->list, array, count * sizeof array[0]) &&
      caller_buffers_are_usable(buffers, use))
    return 0;
  caller_buffers_free(buffers);
  return WSAEFAULT;
}

void caller_buffers_free(struct caller_buffers *buffers)
{
  if (buffers->on_heap)
    heap_free(buffers->list);
  buffers->on_heap = false;
}

void *caller_buffers_memory(const struct caller_buffers *buffers)
{
  return buffers->on_heap ? buffers->list : NULL;
}

int caller_address_copy(SOCKADDR_STORAGE *address, const struct sockaddr *name, int length)
{
  memset(address, 0, sizeof *address);
  if (length < (int)sizeof address->ss_family || length > (int)sizeof *address)
    return WSAEFAULT;
  return caller_read(address, name, (size_t)length) ? 0 : WSAEFAULT;
}

int address_size(int family)
{
  return family == AF_INET6 ? (int)sizeof(struct sockaddr_in6) : (int)sizeof(struct sockaddr_in);
}

bool caller_address_has_room(struct sockaddr *address, int *length, int least)
{
  int given;

  if (!caller_read(&given, length, sizeof given) || !caller_can_write(length, sizeof given))
    return false;
  return given >= least && caller_can_write(address, (size_t)least);
}

int caller_address_store(struct sockaddr *address, int *length, const SOCKADDR_STORAGE *value,
                         int value_length)
{
  if (!caller_write(address, value, (size_t)value_length) ||
      !caller_store_int(length, value_length))
    return WSAEFAULT;
  return 0;
}

bool caller_optional_dword(LPDWORD target)
{
  return target == NULL || caller_can_write(target, sizeof *target);
}

int caller_check_data(const WSABUF *buffer, bool *has_data)
{
  WSABUF copy = {0, NULL};

  if (buffer != NULL && !caller_read(&copy, buffer, sizeof copy))
    return WSAEFAULT;
  *has_data = copy.len != 0 && copy.buf != NULL;
  return 0;
}

int caller_peer_copy(SOCKADDR_STORAGE *address, const struct sockaddr *name, int length,
                     const WSABUF *caller_data, const QOS *sqos, const QOS *gqos)
{
  bool has_data = false;
  int error = caller_address_copy(address, name, length);

  if (error == 0)
    error = caller_check_data(caller_data, &has_data);
  if (error == 0 && has_data)
    error = WSAEPROTONOSUPPORT;
  if (error == 0 && (sqos != NULL || gqos != NULL))
    error = WSAEOPNOTSUPP;
  return error;
}
