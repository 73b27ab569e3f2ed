/* Which window messages stand for our sockets: the layer below posts one whose code
 * tells the socket's place in the table. A message that was posted for an earlier
 * owner of the lower handle, or for the listener that a socket was accepted from, has
 * another code, and is known by that. */
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
