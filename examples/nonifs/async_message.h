/* The window messages that the layer below posts. The message number is computed from the socket's
 * index in the table. A message that was posted for an earlier socket with the same lower handle,
 * or for the listener of an accepted socket, has another number and is ignored. */
#ifndef NONIFS_ASYNC_MESSAGE_H
#define NONIFS_ASYNC_MESSAGE_H

#include <winsock2.h>
#include <windows.h>

enum { FIRST_CODE = WM_APP, CODES = 0x4000 };

static inline UINT async_message_code(DWORD_PTR index)
{
  return FIRST_CODE + (UINT)(index % CODES);
}

#endif
